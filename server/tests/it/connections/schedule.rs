//! Scheduled tests.

use std::collections::BTreeMap;

use vestibule::{
    Builder, ConnectionTests,
    domain::{
        actor::Actor,
        connection::TestTrigger,
        id::ProviderId,
        provider::{IdentityProvider, ProviderPatch},
    },
};

use super::{silent_directory, test, unread};
use crate::support::{ALL, TestApp, app::saml_provider, openid::OpenIdProvider};

/// Every hour, at most two at once.
fn hourly(builder: Builder) -> Builder {
    builder.connection_tests(ConnectionTests { interval_minutes: 60, concurrency: 2, ..ConnectionTests::default() })
}

async fn tested(app: &TestApp) -> u64 {
    app.vestibule.test_due_connections().await.expect("the database answers")
}

async fn times(app: &TestApp, id: ProviderId) -> u64 {
    app.services.connections.list_history(&Actor::operator(), id, ALL).await.expect("the history").total
}

async fn several(app: &TestApp, provider: &OpenIdProvider, count: usize) -> Vec<IdentityProvider> {
    let mut all = Vec::new();
    for number in 0..count {
        all.push(unread(app, &format!("Provider {number}"), provider).await);
    }
    all
}

#[tokio::test]
async fn providers_are_tested_when_they_are_due_and_not_before() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    app.create_new(saml_provider("ADFS")).await.expect("a provider");
    let directory = app.create_new(silent_directory("OpenLDAP")).await.expect("a provider");
    assert_eq!(tested(&app).await, 3);
    assert_eq!(times(&app, directory.id).await, 1);
    let record = app.services.connections.list_history(&Actor::operator(), stored.id, ALL).await.expect("the history");
    assert_eq!((record.items[0].trigger, record.items[0].by.as_str()), (TestTrigger::Scheduled, "schedule"));
    // Up to a tenth of the hour sooner.
    app.clock.advance(53 * 60);
    assert_eq!(tested(&app).await, 0);
    app.clock.advance(7 * 60);
    assert_eq!(tested(&app).await, 3);
}

#[tokio::test]
async fn a_test_that_somebody_asked_for_postpones_the_next() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    test(&app, &stored).await;
    assert_eq!(tested(&app).await, 0);
}

#[tokio::test]
async fn disabled_and_deleted_providers_are_left_alone() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start().await;
    let all = several(&app, &provider, 2).await;
    let off = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    app.update(&all[0], off).await.expect("changed");
    let providers = &app.services.providers;
    providers.delete(&Actor::operator(), &vestibule::service::ProviderRef::Id(all[1].id)).await.expect("deleted");
    assert_eq!(tested(&app).await, 0);
}

#[tokio::test]
async fn several_nodes_test_each_provider_once() {
    let app = TestApp::start_with(hourly).await;
    let other = TestApp::over(app.database.clone(), app.clock.clone(), hourly).await;
    let provider = OpenIdProvider::start().await;
    // More than one page.
    let all = several(&app, &provider, 60).await;
    let (one, two) = tokio::join!(tested(&app), tested(&other));
    assert_eq!(one + two, 60);
    assert_eq!(provider.asked(), 60);
    for provider in all {
        assert_eq!(times(&app, provider.id).await, 1);
    }
}

#[tokio::test]
async fn no_more_run_at_once_than_the_operator_allows() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start_holding().await;
    several(&app, &provider, 6).await;
    let answer = async {
        for round in 1..=3 {
            provider.until_asked(2 * round).await;
            provider.answer(2);
        }
    };
    let (count, ()) = tokio::join!(tested(&app), answer);
    assert_eq!((count, provider.most_waiting()), (6, 2));
}

#[tokio::test]
async fn a_hanging_provider_delays_no_other() {
    let app = TestApp::start_with(hourly).await;
    let (hanging, fine) = (OpenIdProvider::start_holding().await, OpenIdProvider::start().await);
    let stuck = unread(&app, "Hanging", &hanging).await;
    let others = several(&app, &fine, 5).await;
    let wait = async {
        hanging.until_asked(1).await;
        let mut left: BTreeMap<_, _> = others.iter().map(|provider| (provider.id, ())).collect();
        while let Some((id, ())) = left.pop_first() {
            while times(&app, id).await == 0 {
                tokio::task::yield_now().await;
            }
        }
        // All others are done, and this one still waits.
        assert_eq!(times(&app, stuck.id).await, 0);
        hanging.answer(1);
    };
    let (count, ()) = tokio::join!(tested(&app), wait);
    assert_eq!((count, times(&app, stuck.id).await), (6, 1));
}

#[tokio::test]
async fn a_node_that_goes_away_leaves_its_providers_to_others() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start_holding().await;
    let stored = unread(&app, "Okta", &provider).await;
    tokio::select! {
        _ = tested(&app) => panic!("the provider holds it"),
        () = provider.until_asked(1) => {}
    }
    let other = TestApp::over(app.database.clone(), app.clock.clone(), hourly).await;
    assert_eq!(tested(&other).await, 0);
    app.clock.advance(15 * 60);
    provider.answer(2);
    assert_eq!((tested(&other).await, times(&app, stored.id).await), (1, 1));
}

#[tokio::test]
async fn nothing_is_tested_unasked_unless_the_operator_says_so() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start_holding().await;
    unread(&app, "Okta", &provider).await;
    tokio::select! {
        () = app.vestibule.connection_tests() => panic!("it never ends"),
        () = async { for _ in 0..1000 { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(provider.asked(), 0);
}

#[tokio::test]
async fn a_test_that_was_put_off_under_a_clock_that_was_ahead_is_due() {
    let app = TestApp::start_with(hourly).await;
    let provider = OpenIdProvider::start().await;
    unread(&app, "Okta", &provider).await;
    app.clock.advance(365 * 24 * 60 * 60);
    assert_eq!(tested(&app).await, 1);
    app.clock.advance(-365 * 24 * 60 * 60);
    assert_eq!((tested(&app).await, tested(&app).await), (1, 0));
}
