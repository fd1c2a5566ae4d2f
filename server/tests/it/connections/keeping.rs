//! What is kept of tests: records, health, and the first discovery.

use serde_json::json;
use vestibule::{
    ConnectionTests,
    domain::{
        actor::Actor,
        connection::{Health, StepStatus, TestRecord, TestTrigger},
        id::ProviderId,
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::{ConfigInput, OidcEndpoints, ProviderPatch, detail::ProviderDetail},
    },
    service::{ProviderRef, UpdateOptions},
};

use super::{entered, test, unread};
use crate::support::{ALL, PLAIN, TestApp, app::saml_provider, openid::OpenIdProvider};

async fn history(app: &TestApp, id: ProviderId, page: PageRequest) -> Page<TestRecord> {
    app.services.connections.list_history(&Actor::operator(), id, page).await.expect("the history")
}

async fn detail(app: &TestApp, id: ProviderId) -> ProviderDetail {
    app.services.providers.get_detail(&Actor::operator(), id).await.expect("the provider")
}

async fn listed_health(app: &TestApp) -> Vec<Option<Health>> {
    let providers = &app.services.providers;
    let list = providers.list(&Actor::operator(), &Default::default(), Default::default(), ALL).await.expect("a list");
    list.items.into_iter().map(|provider| provider.health).collect()
}

#[tokio::test]
async fn tests_are_kept_newest_first() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    assert_eq!(history(&app, stored.id, ALL).await, Page { items: Vec::new(), total: 0 });
    let first = test(&app, &stored).await;
    app.clock.advance(60);
    provider.set_status(500);
    let second = test(&app, &stored).await;
    let page = history(&app, stored.id, ALL).await;
    assert_eq!(page.total, 2);
    assert_eq!([&page.items[0].report, &page.items[1].report], [&second, &first]);
    assert_eq!((page.items[0].trigger, page.items[0].by.as_str()), (TestTrigger::Manual, "operator"));
    assert_eq!(page.items[0].at.seconds_since(page.items[1].at), 60);
    let newest = history(&app, stored.id, PageRequest { offset: 0, limit: 1 }).await;
    assert_eq!((newest.items.len(), newest.total), (1, 2));
}

#[tokio::test]
async fn only_the_newest_tests_are_kept() {
    let app = TestApp::start_with(|builder| {
        builder.connection_tests(ConnectionTests { keep: 2, ..ConnectionTests::default() })
    })
    .await;
    let provider = OpenIdProvider::start().await;
    let (stored, other) = (unread(&app, "Okta", &provider).await, unread(&app, "Other", &provider).await);
    test(&app, &other).await;
    for _ in 0..3 {
        app.clock.advance(1);
        test(&app, &stored).await;
    }
    let kept = history(&app, stored.id, ALL).await;
    assert_eq!(kept.items.iter().map(|record| record.at.seconds_since(stored.created_at)).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(history(&app, other.id, ALL).await.total, 1);
}

#[tokio::test]
async fn housekeeping_keeps_as_many_as_the_setting_says_by_now() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let (stored, other) = (unread(&app, "Okta", &provider).await, unread(&app, "Other", &provider).await);
    test(&app, &other).await;
    for _ in 0..4 {
        app.clock.advance(1);
        test(&app, &stored).await;
    }
    // The operator keeps fewer from the next start on, and nobody tests these providers again.
    let fewer = ConnectionTests { keep: 2, retention_days: 0, ..ConnectionTests::default() };
    let next = TestApp::over(app.database.clone(), app.clock.clone(), |builder| builder.connection_tests(fewer)).await;
    next.keep_house(async || history(&next, stored.id, ALL).await.total == 2).await;
    let kept = history(&next, stored.id, ALL).await;
    assert_eq!(kept.items.iter().map(|record| record.at.seconds_since(stored.created_at)).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(history(&next, other.id, ALL).await.total, 1);
}

#[tokio::test]
async fn old_tests_are_removed_and_the_health_stays() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    test(&app, &stored).await;
    app.clock.advance(91 * 24 * 60 * 60);
    app.keep_house(async || history(&app, stored.id, ALL).await.total == 0).await;
    assert!(detail(&app, stored.id).await.health.is_some());
}

#[tokio::test]
async fn health_follows_the_tests_and_stands_in_lists_and_details() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    assert_eq!((detail(&app, stored.id).await.health, listed_health(&app).await), (None, vec![None]));
    let began = stored.created_at;
    provider.set_status(500);
    test(&app, &stored).await;
    app.clock.advance(60);
    test(&app, &stored).await;
    let expected = Health { status: StepStatus::Failed, tested_at: began.plus_seconds(60), failing_since: Some(began) };
    assert_eq!(detail(&app, stored.id).await.health, Some(expected));
    assert_eq!(listed_health(&app).await, [Some(expected)]);
    provider.heal();
    app.clock.advance(60);
    test(&app, &stored).await;
    let expected = Health { status: StepStatus::Ok, tested_at: began.plus_seconds(120), failing_since: None };
    assert_eq!(listed_health(&app).await, [Some(expected)]);
}

#[tokio::test]
async fn an_unsaved_test_is_not_kept() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    let config = ConfigInput::Oidc(entered(provider.issuer()));
    let tests = &app.services.connections;
    tests.test_unsaved(&Actor::operator(), None, Some(stored.id), config, None, None).await.expect("a report");
    assert_eq!(history(&app, stored.id, ALL).await.total, 0);
    assert_eq!(detail(&app, stored.id).await.health, None);
}

#[tokio::test]
async fn a_provider_made_without_discovery_gets_its_endpoints_from_its_first_test() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    assert_eq!(stored.oidc().map(|oidc| oidc.endpoints.clone()), Some(OidcEndpoints::default()));
    test(&app, &stored).await;
    let after = detail(&app, stored.id).await;
    let token = after.provider.oidc().and_then(|oidc| oidc.endpoints.token.clone());
    assert_eq!(token, Some(format!("{}/token", provider.issuer())));
    assert!(after.discovery.is_some());
    // Anyone who edits the provider meanwhile can save, and loses nothing.
    assert_eq!((after.provider.version, after.provider.updated_at), (stored.version, None));
    let patch = ProviderPatch { name: Some("Renamed".to_owned()), ..ProviderPatch::default() };
    let options = UpdateOptions { expected_version: Some(stored.version), ..PLAIN };
    let providers = &app.services.providers;
    let saved = providers.update(&Actor::operator(), &ProviderRef::Id(stored.id), patch, options).await.expect("saved");
    assert!(saved.oidc().is_some_and(|oidc| oidc.endpoints.token.is_some()));
    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    let reported: Vec<_> = log.items.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(reported[..3], ["updated", "rediscovered", "created"]);
}

#[tokio::test]
async fn what_was_discovered_before_stays_until_somebody_reads_it_again() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    test(&app, &stored).await;
    provider.set("token_endpoint", json!(format!("{}/new", provider.issuer())));
    let report = test(&app, &stored).await;
    assert!(report.warnings[0].starts_with("The provider is used with the token_endpoint "), "{report:?}");
    let token = detail(&app, stored.id).await.provider.oidc().and_then(|oidc| oidc.endpoints.token.clone());
    assert_eq!(token, Some(format!("{}/token", provider.issuer())));
}

#[tokio::test]
async fn a_failed_test_fills_in_nothing() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set("authorization_endpoint", serde_json::Value::Null);
    let stored = unread(&app, "Okta", &provider).await;
    assert!(!test(&app, &stored).await.success());
    let after = detail(&app, stored.id).await;
    assert!(after.discovery.is_none() && after.provider.oidc().is_some_and(|oidc| oidc.endpoints.token.is_none()));
}

#[tokio::test]
async fn a_provider_deleted_during_its_test_leaves_nothing() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start_holding().await;
    let stored = unread(&app, "Okta", &provider).await;
    let delete = async {
        provider.until_asked(1).await;
        let providers = &app.services.providers;
        providers.delete(&Actor::operator(), &ProviderRef::Id(stored.id)).await.expect("deleted");
        provider.answer(1);
    };
    let (report, ()) = tokio::join!(test(&app, &stored), delete);
    assert!(report.success());
    assert_eq!(app.database.texts("SELECT report FROM vestibule_connection_tests").await, Vec::<String>::new());
    let error = app.services.connections.test(&Actor::operator(), stored.id, None).await.expect_err("it is gone");
    assert!(matches!(error, ServiceError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn a_change_during_the_test_wins() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start_holding().await;
    let stored = unread(&app, "Okta", &provider).await;
    let change = async {
        provider.until_asked(1).await;
        let patch = ProviderPatch { name: Some("Renamed".to_owned()), ..ProviderPatch::default() };
        app.update(&stored, patch).await.expect("changed");
        provider.answer(1);
    };
    let (_, ()) = tokio::join!(test(&app, &stored), change);
    let after = detail(&app, stored.id).await.provider;
    assert_eq!((after.name.as_str(), after.version), ("Renamed", 2));
    assert!(after.oidc().is_some_and(|oidc| oidc.endpoints.token.is_some()));
}

#[tokio::test]
async fn saml_providers_are_kept_alike() {
    let app = TestApp::start().await;
    let stored = app.create_new(saml_provider("ADFS")).await.expect("a provider");
    let report = test(&app, &stored).await;
    assert_eq!(history(&app, stored.id, ALL).await.items[0].report, report);
    assert_eq!(detail(&app, stored.id).await.health.map(|health| health.status), Some(report.status()));
}

#[tokio::test]
async fn tests_are_counted_by_their_outcome() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    test(&app, &stored).await;
    provider.set_status(500);
    test(&app, &stored).await;
    test(&app, &stored).await;
    let metrics = app.get("/metrics", None).await;
    for line in
        ["vestibule_connection_tests_total{outcome=\"ok\"} 1", "vestibule_connection_tests_total{outcome=\"failed\"} 2"]
    {
        assert!(metrics.text().contains(line), "{}", metrics.text());
    }
}
