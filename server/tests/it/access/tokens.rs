//! API tokens: their end, and their last use.

use serde_json::json;
use vestibule::domain::{
    actor::{Actor, Grant, Role},
    problem::ServiceError,
    timestamp::Timestamp,
    token::NewApiToken,
};

use crate::support::{ALL, TestApp};

async fn status(app: &TestApp, token: &str) -> u16 {
    app.get("/api/identity-providers/", Some(&format!("Token {token}"))).await.status
}

async fn last_used(app: &TestApp) -> Option<Timestamp> {
    let page = app.services.tokens.list(&Actor::operator(), ALL).await.expect("the tokens");
    page.items[0].last_used_at
}

fn new(lifetime_seconds: Option<i64>) -> NewApiToken {
    NewApiToken { name: "ci".to_owned(), grant: Grant::platform(Role::PlatformAdmin), lifetime_seconds }
}

#[tokio::test]
async fn the_request_after_revocation_is_refused() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let (id, token) = app.new_token(new(None)).await;
    assert_eq!((status(&app, &token).await, status(&other, &token).await), (200, 200));
    app.services.tokens.revoke(&Actor::operator(), id).await.expect("an end");
    assert_eq!((status(&app, &token).await, status(&other, &token).await), (401, 401));
    let again = app.services.tokens.revoke(&Actor::operator(), id).await;
    assert_eq!(again, Err(ServiceError::not_found("API token")));
}

#[tokio::test]
async fn a_token_ends_to_the_second() {
    let app = TestApp::start().await;
    let (_, token) = app.new_token(new(Some(60))).await;
    app.clock.advance(59);
    assert_eq!(status(&app, &token).await, 200);
    app.clock.advance(1);
    assert_eq!(status(&app, &token).await, 401);
}

#[tokio::test]
async fn the_last_use_is_known_to_the_minute() {
    let app = TestApp::start().await;
    let (_, token) = app.new_token(new(None)).await;
    assert_eq!(last_used(&app).await, None);
    status(&app, &token).await;
    let first = last_used(&app).await.expect("a use");
    app.clock.advance(30);
    status(&app, &token).await;
    assert_eq!(last_used(&app).await, Some(first));
    app.clock.advance(30);
    status(&app, &token).await;
    assert_eq!(last_used(&app).await, Some(first.plus_seconds(60)));
}

#[tokio::test]
async fn a_token_is_shown_once_and_stored_as_a_hash() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let grant = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let arguments = json!({"new": {"name": "ci", "grant": grant, "lifetime_seconds": null}});
    let made = app.call(&admin, "tokens/create", arguments).await.expect(200);
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("vst_"));
    let list = app.call(&admin, "tokens/list", json!({"page": ALL})).await;
    assert!(!list.text().contains(secret));
    let hash = app.database.texts("SELECT hash FROM vestibule_api_tokens").await.remove(0);
    assert!(hash.len() == 64 && !secret.contains(&hash));
    assert_eq!(status(&app, &hash).await, 401);
}

#[tokio::test]
async fn a_grant_has_just_what_its_role_needs() {
    let app = TestApp::start().await;
    let tenant = app.default_tenant().await;
    for grant in [
        Grant { role: Role::TenantAdmin, tenant: None, partner: None },
        Grant {
            role: Role::TenantAdmin,
            tenant: Some(vestibule::domain::id::TenantId(uuid::Uuid::nil())),
            partner: None,
        },
        Grant { role: Role::PlatformReader, tenant: Some(tenant), partner: None },
        Grant { role: Role::PartnerAdmin, tenant: None, partner: Some(" ".to_owned()) },
        Grant { role: Role::TenantMember, tenant: Some(tenant), partner: Some("acme".to_owned()) },
    ] {
        let new = NewApiToken { grant: grant.clone(), ..new(None) };
        let refused = app.services.tokens.create(&Actor::operator(), new).await.map(|_| ());
        assert!(matches!(refused, Err(ServiceError::Invalid { .. })), "{grant:?}: {refused:?}");
    }
}

#[tokio::test]
async fn the_last_use_of_a_token_does_not_stay_ahead_of_the_clock() {
    let app = TestApp::start().await;
    let token = app.token(Role::PlatformAdmin).await;
    status(&app, &token).await;
    let now = last_used(&app).await;
    app.clock.advance(24 * 60 * 60);
    status(&app, &token).await;
    assert_ne!(last_used(&app).await, now);
    app.clock.advance(-24 * 60 * 60);
    status(&app, &token).await;
    assert_eq!(last_used(&app).await, now);
}

#[tokio::test]
async fn nodes_whose_clocks_differ_by_seconds_do_not_note_each_use_of_a_token() {
    let app = TestApp::start().await;
    let token = app.token(Role::PlatformAdmin).await;
    status(&app, &token).await;
    let noted = last_used(&app).await;
    app.clock.advance(-2);
    status(&app, &token).await;
    assert_eq!(last_used(&app).await, noted);
}
