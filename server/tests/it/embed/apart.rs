//! The portal below one path and the dialects below another.

use axum::{Router, body::Body, http::Request};
use serde_json::Value;
use vestibule::{BuildError, domain::actor::Role};

use crate::support::{
    Answer, TestApp, TestClock, TestDatabase,
    app::{PEER, send},
};

const DIALECTS: &str = "https://api.example.com/idp";

struct Apart {
    app: TestApp,
    host: Router,
}

impl Apart {
    async fn start() -> Self {
        let base_url = "https://id.example.com/internal/sso".parse().expect("a URL");
        let database = TestDatabase::migrated().await.into();
        let app =
            TestApp::try_over(database, TestClock::default(), base_url, |builder| builder.dialects_base_url(DIALECTS));
        let app = app.await.expect("an instance");
        let host = Router::new()
            .nest_service("/internal/sso", app.vestibule.portal_router())
            .nest_service("/idp", app.vestibule.dialects_router());
        Self { app, host }
    }

    async fn get(&self, path: &str, authorization: Option<&str>) -> Answer {
        let mut request = Request::builder().uri(path);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        send(&self.host, request.body(Body::empty()).expect("a request"), PEER).await
    }
}

#[tokio::test]
async fn each_path_serves_its_own_part() {
    let apart = Apart::start().await;
    for (path, status) in [
        ("/internal/sso/healthz", 200),
        ("/internal/sso/api/identity-providers/", 404),
        ("/idp/api/identity-providers/", 200),
        ("/idp/healthz", 404),
    ] {
        assert_eq!(apart.get(path, None).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn redirects_of_dialects_lead_below_their_own_path() {
    let apart = Apart::start().await;
    let token = apart.app.token(Role::PlatformAdmin).await;
    for (path, authorization, location) in [
        ("/idp/api/identity-providers", None, "/idp/api/identity-providers/"),
        (
            "/idp/api/v1/admin/identity-providers?page=1",
            Some(format!("Bearer {token}")),
            "/idp/api/v1/admin/identity-providers/?page=1",
        ),
    ] {
        let answer = apart.get(path, authorization.as_deref()).await;
        assert_eq!(answer.header("location"), Some(location), "{path}: {}", answer.status);
        assert_eq!(apart.get(location, authorization.as_deref()).await.status, 200, "{location}");
    }
}

#[tokio::test]
async fn links_of_a_list_contain_the_address_of_the_dialects() {
    let apart = Apart::start().await;
    for name in ["a", "b"] {
        apart.app.create(name).await;
    }
    let answer = apart.get("/idp/api/identity-providers/?page_size=1", None).await;
    let links = answer.header("link").expect("links");
    assert!(
        links.contains("<https://api.example.com/idp/api/identity-providers/?page=2&page_size=1>; rel=\"next\""),
        "{links}"
    );
    assert!(!links.contains("id.example.com"), "{links}");
}

#[tokio::test]
async fn descriptions_name_the_address_of_the_dialects() {
    let apart = Apart::start().await;
    for dialect in ["waldur", "scaikey", "aveva"] {
        let document = apart.get(&format!("/idp/api/openapi/{dialect}.json"), None).await.expect(200);
        assert_eq!(document["servers"], serde_json::json!([{"url": DIALECTS}]), "{dialect}");
        let page = apart.get(&format!("/idp/api/docs/{dialect}"), None).await;
        assert!(page.status == 200 && !page.text().contains("id.example.com"), "{dialect}");
    }
}

#[tokio::test]
async fn what_providers_are_configured_with_stays_below_the_portal() {
    let apart = Apart::start().await;
    let visitor = apart.app.signed_in(Role::PlatformAdmin).await;
    let provider = apart.app.create("Okta").await;
    let shown: Value =
        apart.app.call(&visitor, "providers/get", serde_json::json!({"id": provider.id})).await.expect(200);
    let callback = format!("https://id.example.com/internal/sso/callback/{}", provider.id);
    assert_eq!(shown["callback_url"], callback);
}

#[tokio::test]
async fn the_whole_router_uses_the_address_of_the_portal() {
    let apart = Apart::start().await;
    let answer = apart.app.get("/api/identity-providers", None).await;
    assert_eq!(answer.header("location"), Some("/internal/sso/api/identity-providers/"));
}

#[tokio::test]
async fn an_address_of_the_dialects_that_is_none_is_named() {
    let database = TestDatabase::migrated().await.into();
    let base_url = "https://id.example.com".parse().expect("a URL");
    let built =
        TestApp::try_over(database, TestClock::default(), base_url, |builder| builder.dialects_base_url("/idp")).await;
    let error = built.map(|_| ()).expect_err("it is no URL");
    assert!(matches!(error, BuildError::DialectsBaseUrl(_)), "{error:?}");
    assert!(error.to_string().starts_with("dialects_base_url: \"/idp\" is not a URL"), "{error}");
}
