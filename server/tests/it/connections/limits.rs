//! What keeps tests from taking too long and from being too many.

use axum::{body::Body, http::Request};
use serde_json::json;
use vestibule::domain::{
    actor::{Actor, Role},
    connection::StepStatus,
    problem::ServiceError,
    provider::ConfigInput,
};

use super::{entered, step, steps, test, test_entered, unread};
use crate::support::{
    TestApp,
    app::PEER,
    hostile::{Hostile, Then},
    openid::OpenIdProvider,
};

#[tokio::test]
async fn a_provider_that_never_answers_fails_the_step_that_waits_for_it() {
    let app = TestApp::start().await;
    let hanging = Hostile::raw("", Then::Hang).await;
    let report = test_entered(&app, entered(hanging.url("/").to_string())).await;
    assert_eq!(steps(&report), [("address", StepStatus::Ok), ("discovery", StepStatus::Failed)]);
    let failed = step(&report, "discovery");
    assert!(
        failed.message.ends_with("no complete answer in time (while waiting for the answer to begin)."),
        "{}",
        failed.message
    );
    assert_eq!(failed.advice, "Check that the provider is healthy, then try again.");
}

#[tokio::test]
async fn somebody_waits_for_a_test_while_others_use_the_database() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start_holding().await;
    let stored = unread(&app, "Okta", &provider).await;
    let others = async {
        provider.until_asked(1).await;
        // More than there are connections.
        for number in 0..20 {
            app.services.providers.get_detail(&Actor::operator(), stored.id).await.expect("read");
            unread(&app, &format!("Other {number}"), &provider).await;
        }
        provider.answer(1);
    };
    let (report, ()) = tokio::join!(test(&app, &stored), others);
    assert!(report.success());
}

#[tokio::test]
async fn more_tests_than_the_server_makes_at_once_are_refused() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start_holding().await;
    let config = ConfigInput::Oidc(entered(provider.issuer()));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (services, config) = (app.services.clone(), config.clone());
        running.spawn(async move {
            services.connections.test_unsaved(&Actor::operator(), None, None, config, None, None).await
        });
    }
    provider.until_asked(16).await;
    let tests = &app.services.connections;
    let refused = tests.test_unsaved(&Actor::operator(), None, None, config.clone(), None, None).await;
    assert_eq!(refused, Err(ServiceError::TooManyRequests { retry_after_seconds: 10 }));
    let url = provider.discovery_url();
    let refused = app.services.saml_metadata.fetch(&Actor::operator(), &url, true).await;
    assert_eq!(refused, Err(ServiceError::TooManyRequests { retry_after_seconds: 10 }));
    provider.answer(17);
    while let Some(ended) = running.join_next().await {
        assert!(ended.expect("no panic").is_ok());
    }
    assert_eq!(provider.asked(), 16);
    tests.test_unsaved(&Actor::operator(), None, None, config, None, None).await.expect("there is room again");
}

#[tokio::test]
async fn every_door_that_reads_a_document_is_closed_while_too_many_are_read() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let token = format!("Token {}", app.token(Role::PlatformAdmin).await);
    let stored = app.create("Okta").await;
    let provider = OpenIdProvider::start_holding().await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (services, issuer) = (app.services.clone(), provider.issuer());
        running.spawn(async move { services.discovery.inspect(&Actor::operator(), &issuer, true).await });
    }
    provider.until_asked(16).await;
    let url = provider.discovery_url();
    for (endpoint, arguments) in [
        ("discovery/inspect", json!({"address": provider.issuer(), "verify_tls": true})),
        ("saml-metadata/fetch", json!({"url": url, "verify_tls": true})),
        ("providers/preview-rediscovery", json!({"id": stored.id})),
        ("providers/rediscover", json!({"id": stored.id, "version": stored.version})),
    ] {
        let refused = app.call(&admin, endpoint, arguments).await;
        let said = json!({"service": {"too_many_requests": {"retry_after_seconds": 10}}});
        assert_eq!(refused.expect(429), said, "{endpoint}");
        assert_eq!(refused.header("retry-after"), Some("10"), "{endpoint}");
    }
    for action in ["discover_metadata", "generate-mapping"] {
        let request = Request::post(app.path(&format!("/api/identity-providers/{action}/")))
            .header("authorization", &token)
            .header("content-type", "application/json")
            .body(Body::from(json!({"discovery_url": url}).to_string()));
        let refused = app.send(request.expect("a request"), PEER).await;
        let said = json!({"detail": "Request was throttled. Expected available in 10 seconds."});
        assert_eq!((refused.expect(429), refused.header("retry-after")), (said, Some("10")), "{action}");
    }
    provider.answer(17);
    for ended in running.join_all().await {
        ended.expect("a report");
    }
    assert_eq!(provider.asked(), 16);
    app.services.discovery.fetch_document(&Actor::operator(), &url, true).await.expect("there is room again");
}
