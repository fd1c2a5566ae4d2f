//! Server functions as HTTP: what is malformed, too large, unknown, mounted elsewhere.

use axum::body::Body;
use serde_json::json;
use vestibule::domain::actor::Role;
use vestibule_app::api::{
    ApiError,
    connection_tests::{STREAM, TestForm},
};

use crate::support::{TestApp, Visitor};

async fn post(app: &TestApp, visitor: &Visitor, endpoint: &str, body: impl Into<Body>) -> crate::support::Answer {
    let request = app.function(visitor, endpoint).body(body.into()).expect("a request");
    app.send(request, visitor.peer).await
}

#[tokio::test]
async fn a_malformed_request_is_the_callers_fault() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let deep = "[".repeat(100_000);
    for body in ["", "{", "null", "[]", "{}", r#"{"id": 7}"#, r#"{"id": "x"}"#, "\u{0}", deep.as_str()] {
        let answer = post(&app, &admin, "providers/get", body.to_owned()).await;
        let shown: String = body.chars().take(20).collect();
        assert!(matches!(answer.status, 400 | 422), "{shown}: {} {}", answer.status, answer.text());
        assert!(answer.expect(answer.status).get("bad_request").is_some(), "{shown}: {}", answer.text());
    }
    let invalid_utf8 = post(&app, &admin, "providers/get", vec![b'"', 0xff, 0xfe, b'"']).await;
    assert!(matches!(invalid_utf8.status, 400 | 422), "{}", invalid_utf8.status);
}

#[tokio::test]
async fn an_unknown_function_is_no_failure_of_the_server() {
    let app = TestApp::start().await;
    let answer = post(&app, &Visitor::default(), "providers/steal", "{}").await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert!(!answer.text().contains("<html"), "{}", answer.text());
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_refused() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let long = json!({"address": "x".repeat(600 * 1024), "verify_tls": true}).to_string();
    post(&app, &admin, "discovery/inspect", long).await.expect(413);
    let request = axum::http::Request::builder()
        .method("POST")
        .uri(app.path("/api/identity-providers/"))
        .header("authorization", format!("Token {}", app.token(Role::PlatformAdmin).await))
        .header("content-type", "application/json")
        .body(Body::from(vec![b' '; 300 * 1024]));
    app.send(request.expect("a request"), admin.peer).await.expect(413);
}

#[tokio::test]
async fn everything_works_below_two_path_segments() {
    let app = TestApp::at("https://apps.example.com/x/y").await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let provider = app.create("Okta").await;
    let detail = app.call(&admin, "providers/get", json!({"id": provider.id})).await.expect(200);
    let callback = format!("https://apps.example.com/x/y/callback/{}", provider.id);
    assert_eq!(detail["callback_url"], json!(callback));
    assert_eq!(app.get("/api/identity-providers/", None).await.expect(200)[0]["provider"], "okta");
    let moved = app.get("/api/identity-providers", None).await;
    assert_eq!((moved.status, moved.header("location")), (301, Some("/x/y/api/identity-providers/")));
}

#[tokio::test]
async fn answers_of_functions_are_kept_by_no_cache() {
    let app = TestApp::start().await;
    let answer = app.call(&Visitor::default(), "session/status", json!({})).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

/// Members that this version does not know would be lost without a word.
#[tokio::test]
async fn a_form_of_another_version_is_rejected() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let provider = app.create("Okta").await;
    for change in [
        json!({"client_id": "other"}),
        json!({"provisioning": {"x": 1}}),
        json!({"connection": {"oidc": {"scopes": "email"}}}),
        json!({"connection": {"saml": {"issuer": "urn:a"}}}),
        json!({"connection": {"ldap": {"settings": []}}}),
        json!({"connection": {"ldap": {"config": {"x": 1}}}}),
        json!({"connection": {"ldap": {"config": {"groups": {"x": 1}}}}}),
        json!({"connection": {"ldap": {"config": {"limits": {"x": 1}}}}}),
        json!({"connection": {"ldap": {"config": {"sync": {"x": 1}}}}}),
    ] {
        let arguments = json!({"id": provider.id, "version": 1, "change": change});
        let answer = app.call(&admin, "providers/update", arguments).await.expect(400);
        let error: ApiError = serde_json::from_value(answer).expect("an error");
        assert_eq!(error.explain(), "The portal and the server are of different versions. Reload the page.");
    }
    for test in [
        json!({"provider": provider.id, "fields": []}),
        json!({"connection": {"ldap": {"config": {"x": 1}}}}),
        json!({"mapping": {"x": 1}}),
    ] {
        assert!(serde_json::from_value::<TestForm>(test.clone()).is_err(), "{test}");
    }
}

#[tokio::test]
async fn the_portal_creates_changes_and_deletes_a_provider() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let form = json!({
        "slug": null, "label": "Okta", "owner": null, "enabled": true,
        "provisioning": {"auto_create_users": true, "update_user_on_login": true},
        "connection": {"oidc": {
            "discovery_url": app.openid.discovery_url(), "client_id": "client", "client_secret": "secret",
            "verify_tls": true, "extra_scopes": ["email"], "pkce": true, "post_logout_redirect": false,
        }},
        "mapping": {}, "allowed_domains": [], "allowed_redirects": [], "management_url": "",
    });
    let id = app.call(&admin, "providers/create", json!({"form": form})).await.expect(200);
    let change = json!({"id": id, "version": 1, "change": {"label": "Okta (Acme)"}});
    assert_eq!(app.call(&admin, "providers/update", change.clone()).await.expect(200), 2);
    let conflict = app.call(&admin, "providers/update", change).await.expect(409);
    assert_eq!(conflict["service"]["conflict"]["by"], "platform_admin@example.com");
    let detail = app.call(&admin, "providers/get", json!({"id": id})).await;
    assert_eq!(detail.expect(200)["provider"]["name"], "Okta (Acme)");
    assert!(!detail.text().contains("\"secret\""), "{}", detail.text());
    app.call(&admin, "providers/delete", json!({"id": id})).await.expect(200);
    app.call(&admin, "providers/get", json!({"id": id})).await.expect(404);
}

#[tokio::test]
async fn the_type_of_a_body_is_read_in_any_letter_case() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    for (kind, status) in [
        ("Application/JSON", 200),
        ("APPLICATION/JSON ; charset=UTF-8", 200),
        ("application/json;charset=utf-8", 200),
        ("application/jsonx", 415),
        ("application/x-www-form-urlencoded", 415),
        ("text/plain; application/json", 415),
        ("", 415),
    ] {
        for (path, body) in [("/_ui/fn/session/list", "{}"), (STREAM, r#"{"provider": null}"#)] {
            let request = axum::http::Request::post(app.path(path))
                .header("content-type", kind)
                .header("origin", "https://id.example.com")
                .header("cookie", admin.cookie.as_deref().expect("a cookie"))
                .body(Body::from(body));
            let answer = app.send(request.expect("a request"), admin.peer).await;
            // The answer does not name what was tested, since the body was not read.
            let expected = if path == STREAM && status == 200 { 422 } else { status };
            assert_eq!(answer.status, expected, "{kind} {path}: {}", answer.text());
        }
    }
}
