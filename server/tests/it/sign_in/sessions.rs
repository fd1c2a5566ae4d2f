//! What a sign-in leaves: a session, once.

use vestibule::{
    domain::{
        actor::Actor,
        patch::Patch,
        provider::{OidcPatch, ProviderPatch},
        tenant::{TenantPatch, TenantStatus},
    },
    service::{ProviderRef, TenantRef},
};

use super::{
    browser::{Browser, Place, link},
    provider::SigningProvider,
};

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

async fn sign_in_again(place: &Place) -> String {
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(place, "").await.status, 303, "{}", place.logged());
    let cookie = browser.session().expect("a session").clone();
    assert!(is_known(place, &cookie).await);
    cookie
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
async fn sessions_end_when_the_provider_is_disabled_or_deleted() {
    let (place, cookie) = signed_in().await;
    let enabled = |enabled| ProviderPatch { enabled: Some(enabled), ..ProviderPatch::default() };
    let provider = place.app.update(&place.provider, enabled(false)).await.expect("a change");
    assert!(!is_known(&place, &cookie).await);
    place.app.update(&provider, enabled(true)).await.expect("a change");
    assert!(!is_known(&place, &cookie).await, "it does not come back");
    let cookie = sign_in_again(&place).await;
    let reference = ProviderRef::Id(place.provider.id);
    place.app.services.providers.delete(&Actor::operator(), &reference).await.expect("a deletion");
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn sessions_end_when_the_provider_is_unlinked() {
    let (place, cookie) = signed_in().await;
    let tenant = TenantRef::Id(place.app.default_tenant().await);
    let assignments = &place.app.services.assignments;
    let other = place.app.database.insert_tenant("other", None).await;
    link(&place.app, other, &place.provider).await;
    assignments.unlink(&Actor::operator(), &TenantRef::Id(other), place.provider.id).await.expect("no link");
    assert!(is_known(&place, &cookie).await, "another tenant");
    assignments.unlink(&Actor::operator(), &tenant, place.provider.id).await.expect("no link");
    assert!(!is_known(&place, &cookie).await);
    link(&place.app, place.app.default_tenant().await, &place.provider).await;
    assert!(!is_known(&place, &cookie).await, "it does not come back");
    sign_in_again(&place).await;
}

#[tokio::test]
async fn sessions_end_when_the_issuer_or_the_client_changes() {
    let (place, cookie) = signed_in().await;
    let rename = ProviderPatch { display_name: Patch::Set("New name".to_owned()), ..ProviderPatch::default() };
    place.app.update(&place.provider, rename).await.expect("a change");
    assert!(is_known(&place, &cookie).await);
    let change = |oidc| ProviderPatch { oidc: Some(oidc), ..ProviderPatch::default() };
    let client_id = OidcPatch { client_id: Some("other".to_owned()), ..OidcPatch::default() };
    place.app.update(&place.provider, change(client_id)).await.expect("a change");
    assert!(!is_known(&place, &cookie).await);
    let client_id = OidcPatch { client_id: Some("client".to_owned()), ..OidcPatch::default() };
    place.app.update(&place.provider, change(client_id)).await.expect("a change");
    let cookie = sign_in_again(&place).await;
    let elsewhere = SigningProvider::start().await;
    let discovery_url = OidcPatch { discovery_url: Some(elsewhere.discovery_url()), ..OidcPatch::default() };
    place.app.update(&place.provider, change(discovery_url)).await.expect("a change");
    assert!(!is_known(&place, &cookie).await);
}

#[tokio::test]
async fn a_sign_in_succeeds_when_the_earlier_session_cannot_be_ended() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let earlier = browser.session().expect("a session").clone();
    let database = &place.app.database;
    if database.is_postgres() {
        let function =
            "CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$";
        database.execute(function).await;
        let trigger =
            "CREATE TRIGGER kept BEFORE DELETE ON vestibule_user_sessions FOR EACH ROW EXECUTE FUNCTION kept()";
        database.execute(trigger).await;
    } else {
        let trigger =
            "CREATE TRIGGER kept BEFORE DELETE ON vestibule_user_sessions BEGIN SELECT RAISE(ABORT, 'kept'); END";
        database.execute(trigger).await;
    }
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    let cookie = browser.session().expect("a session");
    assert!(*cookie != earlier && is_known(&place, cookie).await);
    assert!(place.logged().contains("could not end the earlier session"));
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
    assert!(!is_known(&place, &cookie).await, "it does not come back");
    assert_eq!(browser.sign_in(&place, "tenant=other").await.status, 303);
    let cookie = browser.session().expect("a session").clone();
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
    // More than a transaction removes.
    let id = if place.app.database.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let many = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
         INSERT INTO vestibule_used_starts (start_id, expires_at) SELECT {id}, 1 FROM n"
    );
    place.app.database.execute(&many).await;
    place.app.clock.advance(2 * 24 * 3600);
    let rows = "SELECT 'start' FROM vestibule_used_starts UNION ALL SELECT 'session' FROM vestibule_user_sessions";
    place.app.keep_house(async || place.app.database.texts(rows).await.is_empty()).await;
}
