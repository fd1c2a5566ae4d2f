//! Two instances in one process.

use axum::{Router, body::Body, http::Request, routing::get};
use serde_json::json;
use vestibule::domain::{actor::Role, provider::NewProvider};

use crate::support::{
    TestApp, Visitor,
    app::{PEER, send},
};

#[tokio::test]
async fn two_instances_on_one_host_do_not_mix() {
    let (x, y) = (TestApp::at("https://id.example.com/x").await, TestApp::at("https://id.example.com/y").await);
    let both = Router::new()
        .route("/", get(|| async { "the host's own page" }))
        .nest_service("/x", x.vestibule.router().merge(x.vestibule.metrics_router()))
        .nest_service("/y", y.vestibule.router().merge(y.vestibule.metrics_router()));
    let get = async |path: &str| {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        send(&both, request, PEER).await
    };
    assert_eq!(get("/").await.text(), "the host's own page");

    // Data.
    x.create("Only in x").await;
    y.create_new(NewProvider { enabled: false, ..y.new_provider("Only in y") }).await.expect("a provider");
    assert_eq!(get("/x/api/identity-providers/").await.expect(200).as_array().map(Vec::len), Some(1));
    assert_eq!(get("/y/api/identity-providers/").await.expect(200).as_array().map(Vec::len), Some(0));

    // Cookies: a browser sends both, and each is the other's nobody.
    let (ada, grace) = (x.signed_in(Role::PlatformAdmin).await, y.signed_in(Role::PlatformReader).await);
    let cookies = format!("{}; {}", ada.cookie.expect("a cookie"), grace.cookie.expect("a cookie"));
    let role = async |path: &str, cookie: &str| {
        let request = Request::builder()
            .method("POST")
            .uri(format!("{path}/_ui/fn/session/status"))
            .header("origin", "https://id.example.com")
            .header("content-type", "application/json")
            .header("cookie", cookie)
            .body(Body::from("{}"));
        send(&both, request.expect("a request"), PEER).await.expect(200)["user"]["grant"]["role"].clone()
    };
    assert_eq!(role("/x", &cookies).await, "platform_admin");
    assert_eq!(role("/y", &cookies).await, "platform_reader");
    let renamed = cookies.split("; ").next().expect("a cookie").replace("-2fx=", "-2fy=");
    assert!(role("/y", &renamed).await.is_null());

    // Metrics.
    let (of_x, of_y) = (get("/x/metrics").await, get("/y/metrics").await);
    assert!(of_x.text().contains("/x/api/identity-providers/") && !of_x.text().contains("/y/api"), "{}", of_x.text());
    assert!(of_y.text().contains("/y/api/identity-providers/") && !of_y.text().contains("/x/api"), "{}", of_y.text());
}

#[tokio::test]
async fn no_dialect_is_mounted_unless_it_is_named() {
    let app = TestApp::start_with(|builder| builder.dialects([])).await;
    app.create("Okta").await;
    for path in ["/api/identity-providers/", "/api/identity-providers/okta/", "/api/identity-providers"] {
        assert_eq!(app.get(path, None).await.status, 404, "{path}");
    }
    app.call(&Visitor::default(), "session/status", json!({})).await.expect(200);
}

#[tokio::test]
async fn what_is_missing_is_named_by_the_builder() {
    use vestibule::{BuildError, Secret, Vestibule};
    let database = crate::support::TestDatabase::fresh().await;
    let builder = || Vestibule::builder().database_url(database.url());
    let key = || Secret::new(crate::support::KEY);
    let error = |built: Result<Vestibule, BuildError>| built.map(|_| ()).expect_err("something is missing");
    let base_url = "https://id.example.com";
    let missing = error(Vestibule::builder().key(key()).base_url(base_url).build().await);
    assert!(matches!(missing, BuildError::NoDatabase), "{missing:?}");
    assert!(matches!(error(builder().base_url(base_url).build().await), BuildError::NoKey));
    assert!(matches!(error(builder().key(key()).build().await), BuildError::BaseUrl(_)));
    for wrong in ["id.example.com", "ftp://id.example.com", "https://id.example.com/?a=b", "https://u:p@id.example.com"]
    {
        assert!(matches!(error(builder().key(key()).base_url(wrong).build().await), BuildError::BaseUrl(_)), "{wrong}");
    }
    let scheme = error(Vestibule::builder().database_url("mysql://x").key(key()).base_url(base_url).build().await);
    assert!(matches!(scheme, BuildError::DatabaseUrl(_)));
}
