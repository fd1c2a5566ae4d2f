//! The route on which a test tells its steps.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    connection::StepName,
};
use vestibule_app::api::connection_tests::{STREAM, TestLine};

use super::{TestProgress, unread};
use crate::support::{ALL, Answer, TestApp, Visitor, openid::OpenIdProvider};

async fn post(app: &TestApp, visitor: &Visitor, form: &Value) -> Answer {
    let origin = visitor.origin.clone().unwrap_or_else(|| app.base_url.origin().ascii_serialization());
    let mut request =
        Request::post(app.path(STREAM)).header(header::CONTENT_TYPE, "application/json").header(header::ORIGIN, origin);
    if let Some(cookie) = &visitor.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    app.send(request.body(Body::from(form.to_string())).expect("a request"), visitor.peer).await
}

fn lines(answer: &Answer) -> Vec<TestLine> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

#[tokio::test]
async fn a_stored_provider_is_tested_line_by_line_and_kept() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    let answer = post(&app, &visitor, &json!({"provider": stored.id})).await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let lines = lines(&answer);
    assert_eq!(lines.len(), 17);
    assert_eq!(lines[0], TestLine::Progress(TestProgress::Started(StepName::Address)));
    let Some(TestLine::Progress(TestProgress::Done(report))) = lines.last() else { panic!("{lines:?}") };
    let kept = app.services.connections.list_history(&Actor::operator(), stored.id, ALL).await.expect("the history");
    assert_eq!(&kept.items[0].report, report);
    assert_eq!(kept.items[0].by, "platform_admin@example.com");
    let arguments = json!({"provider": stored.id, "page": {"offset": 0, "limit": 10}});
    let history = app.call(&visitor, "connection-tests/history", arguments).await.expect(200);
    assert_eq!(history["total"], 1);
}

#[tokio::test]
async fn a_form_is_tested_and_not_kept() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start().await;
    let form = json!({"connection": {"oidc": {"discovery_url": provider.issuer(), "client_secret": "MARKER"}}});
    let answer = post(&app, &visitor, &form).await;
    assert!(matches!(lines(&answer).last(), Some(TestLine::Progress(TestProgress::Done(report))) if report.success()));
    assert!(!answer.text().contains("MARKER"));
    let form = json!({"connection": {"saml": {"entity_id": "urn:x", "sso_url": "https://10.0.0.1/sso"}}});
    let answer = post(&app, &visitor, &form).await;
    assert!(matches!(lines(&answer).last(), Some(TestLine::Progress(TestProgress::Done(report))) if !report.success()));
}

#[tokio::test]
async fn steps_arrive_while_the_test_runs() {
    use axum::body::HttpBody as _;
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start_holding().await;
    let request = Request::post(app.path(STREAM))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, app.base_url.origin().ascii_serialization())
        .header(header::COOKIE, visitor.cookie.as_deref().expect("a cookie"))
        .extension(axum::extract::ConnectInfo(visitor.peer))
        .body(Body::from(json!({"connection": {"oidc": {"discovery_url": provider.issuer()}}}).to_string()))
        .expect("a request");
    let response = tower::ServiceExt::oneshot(app.router.clone(), request).await.expect("an answer");
    let mut body = response.into_body();
    let mut text = String::new();
    // The document is held back, and what came before it is here.
    while !text.contains(r#""started":"discovery""#) {
        let frame = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await;
        let data = frame.expect("more").expect("no error").into_data().expect("data");
        text.push_str(std::str::from_utf8(&data).expect("text"));
    }
    assert_eq!(text.lines().count(), 3);
    provider.answer(1);
    let rest = axum::body::to_bytes(body, usize::MAX).await.expect("the rest");
    assert!(std::str::from_utf8(&rest).expect("text").lines().last().is_some_and(|line| line.contains("\"done\"")));
}

#[tokio::test]
async fn a_test_that_nobody_waits_for_is_kept_all_the_same() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start_holding().await;
    let stored = unread(&app, "Okta", &provider).await;
    let form = json!({"provider": stored.id});
    tokio::select! {
        _ = post(&app, &visitor, &form) => panic!("the provider holds it"),
        () = provider.until_asked(1) => {}
    }
    provider.answer(1);
    while app.services.connections.list_history(&Actor::operator(), stored.id, ALL).await.expect("the history").total
        == 0
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_refused_is_an_ordinary_error() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let reader = app.signed_in(Role::PlatformReader).await;
    let tenant_admin = app.signed_in(Role::TenantAdmin).await;
    let provider = app.create("Okta").await.id;
    let stored = json!({"provider": provider});
    let form = json!({"connection": {"saml": {}}});
    for (visitor, form, status) in [
        (&Visitor::default(), &stored, 401),
        (&Visitor::default(), &form, 401),
        (&Visitor::default(), &json!({}), 401),
        (&reader, &stored, 403),
        (&reader, &form, 403),
        (&tenant_admin, &stored, 404),
        (&tenant_admin, &form, 404),
        (&admin, &json!({"provider": uuid::Uuid::nil()}), 404),
        (&admin, &json!({}), 422),
        (&admin, &json!({"connection": {"telnet": {}}}), 400),
        (&admin.with_origin("https://evil.example"), &stored, 403),
        (&admin, &json!({"owner": "x".repeat(600_000)}), 413),
    ] {
        let answer = post(&app, visitor, form).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        serde_json::from_str::<vestibule_app::api::ApiError>(answer.text()).expect("an error that the portal reads");
    }
    let request = Request::post(app.path(STREAM)).header(header::CONTENT_TYPE, "text/plain").body(Body::empty());
    assert_eq!(app.send(request.expect("a request"), Visitor::default().peer).await.status, 415);
    assert_eq!(app.services.connections.list_history(&Actor::operator(), provider, ALL).await.expect("it").total, 0);
}
