//! Administrators: somebody who may do everything always remains.

use serde_json::json;
use vestibule::domain::{
    actor::{Actor, Grant, Role},
    problem::ServiceError,
};

use crate::support::{ALL, PASSWORD, TestApp, Visitor};

fn is_refused<T: std::fmt::Debug>(outcome: &Result<T, ServiceError>) -> bool {
    matches!(outcome, Err(ServiceError::Invalid { .. }))
}

#[tokio::test]
async fn the_last_platform_administrator_stays_one() {
    let app = TestApp::start().await;
    let platform = Grant::platform(Role::PlatformAdmin);
    let ada = app.administrator("ada@example.com", platform.clone()).await;
    app.administrator("grace@example.com", Grant::platform(Role::PlatformReader)).await;
    let service = &app.services.administrators;
    let operator = Actor::operator();
    assert!(is_refused(&service.delete(&operator, ada.id).await));
    let reader = Grant::platform(Role::PlatformReader);
    assert!(is_refused(&service.set_grant(&operator, ada.id, reader.clone(), ada.version).await));
    let second = app.administrator("joan@example.com", platform).await;
    service.set_grant(&operator, ada.id, reader, ada.version).await.expect("there is another one");
    assert!(is_refused(&service.delete(&operator, second.id).await));
}

#[tokio::test]
async fn two_who_remove_each_other_at_once_do_not_both_succeed() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let platform = Grant::platform(Role::PlatformAdmin);
    let ada = app.administrator("ada@example.com", platform.clone()).await;
    let grace = app.administrator("grace@example.com", platform).await;
    let operator = Actor::operator();
    let (first, second) = tokio::join!(
        app.services.administrators.delete(&operator, ada.id),
        other.services.administrators.delete(&operator, grace.id)
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(app.database.texts("SELECT email FROM vestibule_administrators").await.len(), 1);
}

#[tokio::test]
async fn two_who_demote_each_other_at_once_do_not_both_succeed() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let platform = Grant::platform(Role::PlatformAdmin);
    let ada = app.administrator("ada@example.com", platform.clone()).await;
    let grace = app.administrator("grace@example.com", platform).await;
    let operator = Actor::operator();
    let reader = Grant::platform(Role::PlatformReader);
    let (first, second) = tokio::join!(
        app.services.administrators.set_grant(&operator, ada.id, reader.clone(), 1),
        other.services.administrators.set_grant(&operator, grace.id, reader.clone(), 1)
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
}

#[tokio::test]
async fn a_removed_or_demoted_administrator_notices_with_the_next_request() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let grace = app.administrator("grace@example.com", Grant::platform(Role::PlatformAdmin)).await;
    let visitor = app.sign_in("grace@example.com").await;
    let page = json!({"page": {"offset": 0, "limit": 10}});
    app.call(&visitor, "tokens/list", page.clone()).await.expect(200);
    let reader = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let demote = json!({"id": grace.id, "grant": reader, "version": 1});
    app.call(&admin, "administrators/set-grant", demote.clone()).await.expect(200);
    app.call(&visitor, "tokens/list", page.clone()).await.expect(403);
    app.call(&admin, "administrators/set-grant", demote).await.expect(409);
    app.call(&admin, "administrators/delete", json!({"id": grace.id})).await.expect(200);
    app.call(&visitor, "tokens/list", page).await.expect(401);
}

#[tokio::test]
async fn a_grant_that_is_given_again_is_no_change() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let grace = app.administrator("grace@example.com", Grant::platform(Role::PlatformReader)).await;
    let entries =
        async || app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.map(|log| log.total);
    let before = entries().await;
    let grant = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let again = json!({"id": grace.id, "grant": grant, "version": 1});
    let answer = app.call(&admin, "administrators/set-grant", again).await.expect(200);
    assert_eq!((&answer["version"], entries().await), (&json!(1), before));
}

#[tokio::test]
async fn an_address_belongs_to_one_administrator() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let grant = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let create = |email: &str| json!({"form": {"email": email, "password": PASSWORD, "grant": grant}});
    app.call(&admin, "administrators/create", create("Grace@Example.com")).await.expect(200);
    let again = app.call(&admin, "administrators/create", create("grace@example.com")).await.expect(422);
    assert_eq!(again["service"]["invalid"]["problems"][0]["field"], "email", "{again}");
    let visitor = Visitor::default();
    let sign_in = json!({"email": "grace@example.com", "password": PASSWORD});
    app.call(&visitor, "session/sign-in", sign_in).await.expect(200);
}
