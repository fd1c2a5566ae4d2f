//! The sessions of users, and the people at providers who sign in as them, as administrators see and end them.

use std::time::Duration;

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        audit::{AuditAction, AuditObject},
        id::{IdentityLinkId, UserSessionId},
        problem::ServiceError,
    },
    service::{ServiceResult, SignedInUser},
};

use super::{
    browser::{Browser, Place, link},
    provider::SigningProvider,
};
use crate::support::{ALL, TestApp, app::host_actor};

async fn signed_in(place: &Place) -> (Browser, SignedInUser) {
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(place, "").await.status, 303, "{}", place.logged());
    let user = browser.user(&place.app).await.expect("a user");
    (browser, user)
}

fn operator() -> Actor {
    Actor::operator()
}

#[tokio::test]
async fn sessions_are_listed_and_revoked() {
    let place = Place::new().await;
    let (first, user) = signed_in(&place).await;
    place.app.clock.advance(60);
    let (second, _) = signed_in(&place).await;
    let sessions = &place.app.services.user_sessions;
    let listed = sessions.list(&operator(), user.user.id).await.expect("sessions");
    assert_eq!(listed.len(), 2);
    let oldest = &listed[1];
    assert_eq!((oldest.id, oldest.provider, oldest.provider_name.as_str()), (user.session, place.provider.id, "Corp"));
    assert_eq!(oldest.address.as_deref(), Some("192.0.2.1"));
    assert_eq!(oldest.expires_at.seconds_since(oldest.created_at), 24 * 3600);
    sessions.revoke(&operator(), user.session).await.expect("an end");
    assert!(first.user(&place.app).await.is_none());
    assert!(second.user(&place.app).await.is_some());
    let again = sessions.revoke(&operator(), user.session).await;
    assert_eq!(again, Err(ServiceError::not_found("session")));
    let log = place.app.services.audit.list(&operator(), &Default::default(), ALL).await.expect("the log").items;
    let entry = log.iter().find(|entry| entry.action == AuditAction::Revoked).expect("an entry");
    assert_eq!((entry.object, entry.object_name.as_str()), (AuditObject::Session, "ada"));
    assert_eq!((entry.object_id.clone(), entry.tenant), (user.session.to_string(), Some(user.tenant)));
    // A session that ended by itself is listed no more.
    place.app.clock.advance(8 * 3600);
    assert!(sessions.list(&operator(), user.user.id).await.expect("sessions").is_empty());
}

#[tokio::test]
async fn all_sessions_of_a_user_end_at_once() {
    let place = Place::new().await;
    let (first, user) = signed_in(&place).await;
    let (second, _) = signed_in(&place).await;
    let sessions = &place.app.services.user_sessions;
    assert_eq!(sessions.revoke_all(&operator(), user.user.id).await, Ok(2));
    assert!(first.user(&place.app).await.is_none() && second.user(&place.app).await.is_none());
    assert_eq!(sessions.revoke_all(&operator(), user.user.id).await, Ok(0));
    let log = place.app.services.audit.list(&operator(), &Default::default(), ALL).await.expect("the log").items;
    assert_eq!(log.iter().filter(|entry| entry.action == AuditAction::Revoked).count(), 2);
}

#[tokio::test]
async fn removing_a_link_ends_its_sessions_and_keeps_the_person_out() {
    let place = Place::new().await;
    let (browser, user) = signed_in(&place).await;
    let users = &place.app.services.users;
    let links = users.list_identity_links(&operator(), user.user.id).await.expect("links");
    let [identity] = &links[..] else { panic!("one link and not {links:?}") };
    assert_eq!((identity.provider_name.as_str(), identity.issuer.clone()), ("Corp", place.openid.issuer()));
    assert_eq!((identity.subject.as_str(), identity.claim.as_str(), identity.value.as_str()), ("ada", "sub", "ada"));
    assert_eq!(identity.created_at, identity.last_used_at);
    let other = users.delete_identity_link(&operator(), user.user.id, IdentityLinkId(user.user.id.0)).await;
    assert_eq!(other, Err(ServiceError::not_found("link")));
    users.delete_identity_link(&operator(), user.user.id, identity.id).await.expect("an end");
    assert!(browser.user(&place.app).await.is_none());
    assert!(users.list_identity_links(&operator(), user.user.id).await.expect("links").is_empty());
    let log = place.app.services.audit.list(&operator(), &Default::default(), ALL).await.expect("the log").items;
    let entry = log.iter().find(|entry| entry.action == AuditAction::Unlinked && entry.object == AuditObject::User);
    let entry = entry.expect("an entry");
    assert_eq!((entry.object_name.as_str(), entry.changes[0].before.as_deref()), ("ada", Some("Corp")));
    // The person is not that user any more.
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    assert_eq!(place.users().await.len(), 1);
}

#[tokio::test]
async fn sessions_of_other_providers_outlive_a_link() {
    let place = Place::new().await;
    let (browser, user) = signed_in(&place).await;
    let second = SigningProvider::start().await;
    second.claims(|claims| {
        claims["sub"] = "grace".into();
        claims["email"] = "grace@corp.example".into();
    });
    let place = place.at(second, "Zweite").await;
    let mut other = Browser::default();
    assert_eq!(other.sign_in(&place, "provider=zweite").await.status, 303, "{}", place.logged());
    let users = &place.app.services.users;
    let links = users.list_identity_links(&operator(), user.user.id).await.expect("links");
    // Grace's identifier with Ada's link.
    let grace = other.user(&place.app).await.expect("a user").user.id;
    let crossed = users.delete_identity_link(&operator(), grace, links[0].id).await;
    assert_eq!(crossed, Err(ServiceError::not_found("link")));
    users.delete_identity_link(&operator(), user.user.id, links[0].id).await.expect("an end");
    assert!(browser.user(&place.app).await.is_none() && other.user(&place.app).await.is_some());
}

#[tokio::test]
async fn administrators_reach_their_own_tenant_and_readers_change_nothing() {
    let place = Place::new().await;
    let (browser, user) = signed_in(&place).await;
    let other = place.app.database.insert_tenant("other", None).await;
    link(&place.app, other, &place.provider).await;
    let grant = |role, tenant| Grant { role, tenant: Some(tenant), partner: None };
    let foreign = host_actor("foreign", grant(Role::TenantAdmin, other));
    let own = host_actor("own", grant(Role::TenantAdmin, user.tenant));
    let reader = host_actor("reader", Grant::platform(Role::PlatformReader));
    let support = host_actor("support", Grant::platform(Role::PlatformSupport));
    let (id, session) = (user.user.id, user.session);
    let users = &place.app.services.users;
    let sessions = &place.app.services.user_sessions;
    let links = users.list_identity_links(&own, id).await.expect("links");
    let hidden = |what: &str| Err::<(), _>(ServiceError::not_found(what));
    let outcome = |result: ServiceResult<()>| result;
    assert_eq!(outcome(sessions.list(&foreign, id).await.map(drop)), hidden("user"));
    assert_eq!(outcome(users.list_identity_links(&foreign, id).await.map(drop)), hidden("user"));
    assert_eq!(sessions.revoke(&foreign, session).await, hidden("session"));
    assert_eq!(users.delete_identity_link(&foreign, id, links[0].id).await, hidden("user"));
    for (actor, may_read) in [(&reader, true), (&support, false)] {
        assert_eq!(sessions.list(actor, id).await.is_ok(), may_read);
        assert_eq!(users.list_identity_links(actor, id).await.is_ok(), may_read);
        for session in [session, UserSessionId(id.0)] {
            assert_eq!(sessions.revoke(actor, session).await, Err(ServiceError::Forbidden));
        }
        assert_eq!(sessions.revoke_all(actor, id).await, Err(ServiceError::Forbidden));
        assert_eq!(users.delete_identity_link(actor, id, links[0].id).await, Err(ServiceError::Forbidden));
    }
    assert_eq!(outcome(sessions.revoke_all(&foreign, id).await.map(drop)), hidden("user"));
    assert!(browser.user(&place.app).await.is_some());
    assert_eq!(sessions.list(&own, id).await.expect("sessions").len(), 1);
    sessions.revoke(&own, session).await.expect("an end");
    assert!(browser.user(&place.app).await.is_none());
}

/// An instance whose sessions last so long, with a browser that is signed in.
async fn lasting(idle: u64, lifetime: u64) -> (TestApp, Browser) {
    let app = TestApp::start_with(|builder| {
        builder.session_idle(Duration::from_secs(idle)).session_lifetime(Duration::from_secs(lifetime))
    })
    .await;
    let place = Place::over(app, |new| new).await;
    let (browser, _) = signed_in(&place).await;
    (place.app, browser)
}

#[tokio::test]
async fn settings_decide_how_long_sessions_last() {
    let (app, browser) = lasting(600, 3600).await;
    app.clock.advance(599);
    assert!(browser.user(&app).await.is_some());
    app.clock.advance(600);
    assert!(browser.user(&app).await.is_none(), "without a request for ten minutes");
    let (app, browser) = lasting(600, 3600).await;
    for _ in 0..7 {
        app.clock.advance(500);
        assert!(browser.user(&app).await.is_some());
    }
    app.clock.advance(100);
    assert!(browser.user(&app).await.is_none(), "older than an hour");
    let rows = "SELECT hash FROM vestibule_user_sessions";
    assert_eq!(app.database.texts(rows).await.len(), 1);
    app.keep_house(async || app.database.texts(rows).await.is_empty()).await;
}

#[tokio::test]
async fn idle_sessions_are_removed_after_the_time_that_is_set() {
    let (app, browser) = lasting(600, 3600).await;
    app.clock.advance(600);
    assert!(browser.user(&app).await.is_none());
    let rows = "SELECT hash FROM vestibule_user_sessions";
    app.keep_house(async || app.database.texts(rows).await.is_empty()).await;
}

#[tokio::test]
async fn the_portal_calls_the_same_services() {
    use serde_json::json;
    let place = Place::new().await;
    let (browser, user) = signed_in(&place).await;
    let admin = place.app.signed_in(Role::PlatformAdmin).await;
    let id = json!({"id": user.user.id});
    let sessions = place.app.call(&admin, "users/sessions", id.clone()).await.expect(200);
    assert_eq!((sessions.as_array().map(Vec::len), &sessions[0]["provider_name"]), (Some(1), &json!("Corp")));
    let links = place.app.call(&admin, "users/identity-links", id).await.expect(200);
    assert_eq!(links[0]["subject"], "ada");
    let session = json!({"session": sessions[0]["id"]});
    place.app.call(&admin, "users/revoke-session", session).await.expect(200);
    assert!(browser.user(&place.app).await.is_none());
    let (browser, _) = signed_in(&place).await;
    let link = json!({"id": user.user.id, "link": links[0]["id"]});
    place.app.call(&admin, "users/remove-identity-link", link).await.expect(200);
    assert!(browser.user(&place.app).await.is_none());
}

#[tokio::test]
async fn a_link_that_is_removed_during_a_sign_in_begins_no_session() {
    let place = Place::new().await;
    let (_, user) = signed_in(&place).await;
    // As if another transaction had removed the link: the sign-in finds it, and changes no row.
    let database = &place.app.database;
    if database.is_postgres() {
        database
            .execute("CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$")
            .await;
        let trigger = "CREATE TRIGGER gone BEFORE UPDATE ON vestibule_identity_links \
            FOR EACH ROW EXECUTE FUNCTION gone()";
        database.execute(trigger).await;
    } else {
        let trigger = "CREATE TRIGGER gone BEFORE UPDATE ON vestibule_identity_links BEGIN SELECT RAISE(IGNORE); END";
        database.execute(trigger).await;
    }
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 500);
    assert_eq!(browser.session(), None);
    let sessions = place.app.services.user_sessions.list(&operator(), user.user.id).await.expect("sessions");
    assert_eq!(sessions.len(), 1, "the one from before");
}

#[tokio::test]
async fn short_sessions_do_not_end_while_they_are_used() {
    let (app, browser) = lasting(60, 3600).await;
    for _ in 0..10 {
        app.clock.advance(20);
        assert!(browser.user(&app).await.is_some());
    }
    app.clock.advance(60);
    assert!(browser.user(&app).await.is_none());
}

#[tokio::test]
async fn sessions_of_less_than_a_minute_are_a_mistake() {
    use vestibule::{BuildError, Builder};
    let build = async |change: fn(Builder) -> Builder| {
        let database = crate::support::TestDatabase::migrated().await.into();
        let base_url = "https://id.example.com".parse().expect("a URL");
        TestApp::try_over(database, Default::default(), base_url, change).await.map(|_| ()).expect_err("an error")
    };
    let error = build(|builder| builder.session_idle(Duration::from_millis(900))).await;
    assert!(matches!(error, BuildError::SessionLifetime("session_idle")), "{error}");
    let error = build(|builder| builder.session_lifetime(Duration::from_secs(59))).await;
    assert_eq!(error.to_string(), "session_lifetime: sessions last at least a minute");
}
