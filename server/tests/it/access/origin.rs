//! Where requests come from: other sites, forged hosts, proxies.

use axum::{body::Body, http::Request};
use serde_json::json;
use vestibule::{
    TrustedProxies,
    domain::actor::{Actor, Role},
};

use crate::support::{ALL, PASSWORD, TestApp, Visitor};

#[tokio::test]
async fn a_call_from_another_site_is_refused_whoever_is_signed_in() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    for origin in ["https://evil.example", "null", "http://id.example.com", "https://id.example.com.evil.example"] {
        for visitor in [&ada, &Visitor::default()] {
            let answer = app.call(&visitor.with_origin(origin), "session/status", json!({})).await;
            answer.expect(403);
        }
        let sign_in = json!({"email": "platform_admin@example.com", "password": PASSWORD});
        let answer = app.call(&Visitor::default().with_origin(origin), "session/sign-in", sign_in).await;
        assert_eq!((answer.status, answer.cookie()), (403, None), "{origin}");
    }
}

#[tokio::test]
async fn with_a_cookie_and_without_an_origin_a_call_is_refused() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let request = |site: Option<&str>| {
        let mut request = Request::builder()
            .method("POST")
            .uri(app.path("/_ui/fn/session/status"))
            .header("content-type", "application/json")
            .header("cookie", ada.cookie.as_deref().expect("a cookie"));
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        request.body(Body::from("{}")).expect("a request")
    };
    app.send(request(None), ada.peer).await.expect(403);
    app.send(request(Some("same-site")), ada.peer).await.expect(403);
    app.send(request(Some("same-origin")), ada.peer).await.expect(200);
}

#[tokio::test]
async fn the_host_header_is_believed_in_nothing() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    for header in ["host", "x-forwarded-host", "forwarded"] {
        let rebound = ada.with_origin("https://evil.example");
        let value = if header == "forwarded" { "host=evil.example" } else { "evil.example" };
        let request = app.function(&rebound, "session/status").header(header, value).body(Body::from("{}"));
        app.send(request.expect("a request"), ada.peer).await.expect(403);
    }
    let provider = app.create("Okta").await;
    let request = app.function(&ada, "providers/get").header("host", "evil.example");
    let request = request.body(Body::from(json!({"id": provider.id}).to_string())).expect("a request");
    let detail = app.send(request, ada.peer).await.expect(200);
    assert_eq!(detail["callback_url"], format!("https://id.example.com/sso/callback/{}", provider.id));
}

#[tokio::test]
async fn a_form_of_another_site_is_no_call() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
        let request = Request::builder()
            .method("POST")
            .uri(app.path("/_ui/fn/session/sign-out"))
            .header("origin", "https://id.example.com")
            .header("content-type", kind)
            .header("cookie", ada.cookie.as_deref().expect("a cookie"))
            .body(Body::from("{}"));
        app.send(request.expect("a request"), ada.peer).await.expect(415);
    }
    for method in ["GET", "PUT", "DELETE"] {
        let request = Request::builder().method(method).uri(app.path("/_ui/fn/session/sign-out"));
        let request = request.header("cookie", ada.cookie.as_deref().expect("a cookie")).body(Body::empty());
        app.send(request.expect("a request"), ada.peer).await.expect(405);
    }
}

#[tokio::test]
async fn the_dialect_ignores_the_portals_cookie() {
    let app = TestApp::start().await;
    app.create("Okta").await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let request = |method: &str, path: &str| {
        Request::builder()
            .method(method)
            .uri(app.path(path))
            .header("origin", "https://id.example.com")
            .header("cookie", ada.cookie.as_deref().expect("a cookie"))
            .body(Body::empty())
            .expect("a request")
    };
    app.send(request("DELETE", "/api/identity-providers/okta/"), ada.peer).await.expect(401);
    let rows = app.send(request("GET", "/api/identity-providers/"), ada.peer).await.expect(200);
    assert!(rows[0].get("client_secret").is_none());
}

/// The address in the audit log of a failed sign-in.
async fn logged_address(app: &TestApp, peer: &str, forwarded: &[&str]) -> Option<String> {
    let visitor = Visitor::from(peer);
    let mut request = app.function(&visitor, "session/sign-in");
    for value in forwarded {
        request = request.header("x-forwarded-for", *value);
    }
    let arguments = json!({"email": "x@example.com", "password": "wrong"}).to_string();
    app.clock.advance(24 * 60 * 60);
    app.send(request.body(Body::from(arguments)).expect("a request"), visitor.peer).await.expect(422);
    let page = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    page.items[0].address.clone()
}

#[tokio::test]
async fn x_forwarded_for_counts_behind_a_trusted_proxy_alone() {
    let proxies = TrustedProxies::parse(&["10.0.0.0/8".to_owned()]).expect("a range");
    let app = TestApp::start_with(|builder| builder.trusted_proxies(proxies)).await;
    for (peer, forwarded, expected) in [
        ("203.0.113.9", vec!["1.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", vec!["1.2.3.4"], "1.2.3.4"),
        // What the client wrote itself stands before what the proxy added.
        ("10.0.0.1", vec!["9.9.9.9, 1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", vec!["9.9.9.9", "1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", vec![], "10.0.0.1"),
    ] {
        assert_eq!(logged_address(&app, peer, &forwarded).await.as_deref(), Some(expected), "{peer} {forwarded:?}");
    }
}
