//! What a sign-in leaves: a session, once.

use vestibule::{
    domain::{
        actor::Actor,
        provider::ProviderPatch,
        tenant::{TenantPatch, TenantStatus},
    },
    service::{ProviderRef, TenantRef},
};

use super::browser::{Browser, Place, link};

#[tokio::test]
async fn a_sign_in_creates_the_user_and_a_session() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, "").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(browser.cookies.iter().all(|(name, _)| !name.contains("-start-")), "the start is over");
    let cookie = browser.session().expect("a session").clone();
    let signed_in = browser.user(&place.app).await.expect("a user");
    assert!(Browser::default().user(&place.app).await.is_none());
    assert_eq!(signed_in.user.profile.username, "ada");
    assert_eq!(signed_in.user.profile.email.as_deref(), Some("ada@corp.example"));
    assert!(signed_in.user.email_verified);
    assert_eq!(signed_in.tenant, place.app.default_tenant().await);
    // A second sign-in is the same user with a new session, and the earlier session of this browser is over.
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    assert_ne!(browser.session(), Some(&cookie));
    assert_eq!(place.users().await.len(), 1);
    assert!(place.app.services.sign_ins.resume(&cookie).await.expect("an answer").is_none());
    let cookie = browser.session().expect("a session").clone();
    place.app.services.sign_ins.sign_out(&cookie).await.expect("an end");
    assert!(place.app.services.sign_ins.resume(&cookie).await.expect("an answer").is_none());
}

#[tokio::test]
async fn sessions_end_when_idle_when_old_and_with_the_user() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let cookie = browser.session().expect("a session").clone();
    let is_alive = async || place.app.services.sign_ins.resume(&cookie).await.expect("an answer").is_some();
    for _ in 0..3 {
        place.app.clock.advance(7 * 3600);
        assert!(is_alive().await);
    }
    place.app.clock.advance(3 * 3600);
    assert!(!is_alive().await, "older than a day");
}

#[tokio::test]
async fn what_is_stored_of_a_session_opens_none() {
    let (place, cookie) = signed_in().await;
    let [hash] = &place.app.database.texts("SELECT hash FROM vestibule_user_sessions").await[..] else {
        panic!("one session")
    };
    assert!(hash.len() == 64 && !hash.contains(&cookie));
    assert!(!is_known(&place, hash).await && is_known(&place, &cookie).await);
}

/// An instance, and the cookie of a person who signed in.
async fn signed_in() -> (Place, String) {
    let place = Place::new().await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    let cookie = browser.session().expect("a session").clone();
    assert!(is_known(&place, &cookie).await);
    (place, cookie)
}

async fn is_known(place: &Place, cookie: &str) -> bool {
    place.app.services.sign_ins.resume(cookie).await.expect("an answer").is_some()
}

#[tokio::test]
async fn a_session_that_is_not_used_for_eight_hours_ends() {
    let (place, cookie) = signed_in().await;
    place.app.clock.advance(8 * 3600 - 1);
    assert!(is_known(&place, &cookie).await);
    place.app.clock.advance(8 * 3600);
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn sessions_end_with_the_user() {
    let (place, cookie) = signed_in().await;
    let [user] = &place.users().await[..] else { panic!("one user") };
    place.app.services.users.delete(&Actor::operator(), user.id).await.expect("a deletion");
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn sessions_rest_while_the_provider_is_disabled_and_end_when_it_is_deleted() {
    let (place, cookie) = signed_in().await;
    let enabled = |enabled| ProviderPatch { enabled: Some(enabled), ..ProviderPatch::default() };
    let provider = place.app.update(&place.provider, enabled(false)).await.expect("a change");
    assert!(!is_known(&place, &cookie).await);
    place.app.update(&provider, enabled(true)).await.expect("a change");
    assert!(is_known(&place, &cookie).await);
    let reference = ProviderRef::Id(place.provider.id);
    place.app.services.providers.delete(&Actor::operator(), &reference).await.expect("a deletion");
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn sessions_end_when_the_provider_is_unlinked() {
    let (place, cookie) = signed_in().await;
    let tenant = TenantRef::Id(place.app.default_tenant().await);
    let assignments = &place.app.services.assignments;
    assignments.unlink(&Actor::operator(), &tenant, place.provider.id).await.expect("no link");
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn sessions_end_when_the_tenant_is_suspended_or_deleted() {
    let place = Place::new().await;
    let other = place.app.database.insert_tenant("other", None).await;
    link(&place.app, other, &place.provider).await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "tenant=other").await.status, 303);
    let cookie = browser.session().expect("a session").clone();
    assert!(is_known(&place, &cookie).await);
    let callback = browser.begin(&place, "tenant=other").await;
    let tenants = &place.app.services.tenants;
    let status = |status| TenantPatch { status: Some(status), ..TenantPatch::default() };
    let suspended = status(TenantStatus::Suspended);
    tenants.update(&Actor::operator(), other, suspended, None).await.expect("a change");
    assert!(!is_known(&place, &cookie).await);
    let answer = browser.finish(&place, &callback).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.text().contains("Try again"), "{}", answer.text());
    place.check_reason("the tenant is suspended or was deleted");
    let active = status(TenantStatus::Active);
    tenants.update(&Actor::operator(), other, active, None).await.expect("a change");
    assert!(is_known(&place, &cookie).await);
    place.app.database.execute("UPDATE vestibule_tenants SET deleted_at = 1 WHERE slug = 'other'").await;
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn uses_of_starts_are_stored_longer_than_starts_last() {
    let (place, _) = signed_in().await;
    let begun = crate::support::issuer::NOW;
    let expiry = "SELECT CAST(expires_at / 1000000 AS TEXT) FROM vestibule_used_starts";
    assert_eq!(place.app.database.texts(expiry).await, [(begun + 12 * 60).to_string()]);
    place.app.clock.advance(2 * 24 * 3600);
    let rows = "SELECT 'start' FROM vestibule_used_starts UNION ALL SELECT 'session' FROM vestibule_user_sessions";
    place.app.keep_house(async || place.app.database.texts(rows).await.is_empty()).await;
}
