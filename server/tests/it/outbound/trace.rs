//! `traceparent` of a request, as an identity provider sees it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header},
    routing::get,
};
use serde_json::json;
use vestibule::Role;

use crate::support::{TestApp, app::PEER, hostile::Hostile};

const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// What a provider receives as `traceparent` when Waldur's client asks to read its document.
async fn received(given: Option<&str>) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = {
        let seen = seen.clone();
        move |headers: HeaderMap| async move {
            let values = headers.get_all("traceparent").iter().map(|value| value.to_str().expect("text").to_owned());
            seen.lock().expect("a lock").extend(values);
            "{}"
        }
    };
    let provider = Hostile::serve(Router::new().route("/.well-known/openid-configuration", get(record))).await;
    let app = TestApp::start().await;
    let token = app.token(Role::PlatformAdmin).await;
    let body = json!({ "discovery_url": provider.url("/.well-known/openid-configuration").as_str() });
    let mut request = Request::post(app.path("/api/identity-providers/discover_metadata/"))
        .header(header::AUTHORIZATION, format!("Token {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(given) = given {
        request = request.header("traceparent", given).header("tracestate", "vendor=secret");
    }
    app.send(request.body(Body::from(body.to_string())).expect("a request"), PEER).await;
    let seen = seen.lock().expect("a lock");
    seen.clone()
}

#[tokio::test]
async fn a_provider_receives_the_trace_of_the_request() {
    assert_eq!(received(Some(GIVEN)).await, [GIVEN]);
}

#[tokio::test]
async fn a_malformed_or_missing_trace_is_not_passed_on() {
    assert!(received(Some("00-nonsense")).await.is_empty());
    assert!(received(None).await.is_empty());
}
