//! Health, metrics, and what every answer carries.

use axum::{body::Body, http::Request};
use serde_json::json;
use vestibule::domain::actor::Role;

use crate::support::{TestApp, TestDatabase, Visitor, app::PEER};

#[tokio::test]
async fn a_node_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path, None).await.expect(200), json!({"status": "ok"}));
    }
}

#[tokio::test]
async fn a_node_without_its_migrations_is_alive_and_not_ready() {
    let app = TestApp::start().await;
    app.database.execute("DELETE FROM vestibule_migrations WHERE version > 20261121000002").await;
    app.get("/healthz", None).await.expect(200);
    let answer = app.get("/readyz", None).await.expect(503);
    assert!(answer["status"].as_str().is_some_and(|text| text.contains("vestibule migrate")), "{answer}");
}

#[tokio::test]
async fn a_database_that_is_not_migrated_is_reported_when_migrating_is_off() {
    let database = std::sync::Arc::new(TestDatabase::fresh().await);
    let base_url = "https://id.example.com".parse().expect("a URL");
    let clock = crate::support::TestClock::default();
    let refused = TestApp::try_over(database, clock, base_url, |builder| builder.migrate_at_start(false)).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn requests_are_counted_by_route_and_not_by_address() {
    let app = TestApp::start().await;
    app.create("Okta").await;
    for path in ["/api/identity-providers/okta/", "/api/identity-providers/other/", "/a/page", "/another/page"] {
        app.get(path, None).await;
    }
    app.call(&Visitor::default(), "session/status", json!({})).await.expect(200);
    let metrics = app.get("/metrics", None).await;
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text")));
    let text = metrics.text();
    let line = |needle: &str| text.lines().find(|line| line.contains(needle)).map(str::to_owned);
    let of_dialect = r#"route="/sso/api/identity-providers/{provider}/",status="200"} 1"#;
    assert!(line(of_dialect).is_some(), "{text}");
    assert!(text.contains("vestibule_http_request_duration_seconds_bucket") && text.ends_with("# EOF\n"), "{text}");
    for address in ["okta", "another", "status\""] {
        assert!(!text.contains(address) || address == "status\"", "{address} in {text}");
    }
}

#[tokio::test]
async fn made_up_methods_do_not_make_new_series() {
    let app = TestApp::start().await;
    for method in ["BREW", "SIP", "POUR"] {
        let request = Request::builder().method(method).uri(app.path("/")).body(Body::empty()).expect("a request");
        app.send(request, PEER).await;
    }
    let metrics = app.get("/metrics", None).await;
    assert!(!metrics.text().contains("BREW"), "{}", metrics.text());
    assert!(metrics.text().contains(r#"method="other""#), "{}", metrics.text());
}

#[tokio::test]
async fn every_answer_carries_a_request_id_of_our_own() {
    let app = TestApp::start().await;
    let mut seen = Vec::new();
    for path in ["/", "/healthz", "/api/identity-providers/", "/api/unknown", "/api/identity-providers/none/"] {
        let request = Request::builder().uri(app.path(path)).header("x-request-id", "theirs").body(Body::empty());
        let answer = app.send(request.expect("a request"), PEER).await;
        let id = answer.header("x-request-id").expect("an id").to_owned();
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{path}: {id}");
        assert!(!seen.contains(&id));
        seen.push(id);
    }
}

#[tokio::test]
async fn a_database_failure_is_an_error_without_details() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    app.database.execute("ALTER TABLE vestibule_api_tokens RENAME TO gone").await;
    let answer = app.call(&admin, "tokens/list", json!({"page": {"offset": 0, "limit": 1}})).await;
    assert_eq!(answer.expect(500), json!({"service": "internal"}));
    let answer = app.get("/api/identity-providers/", Some("Token vst_x")).await;
    answer.expect(500);
    assert!(!answer.text().contains("vestibule_api_tokens"), "{}", answer.text());
}
