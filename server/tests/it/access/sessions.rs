//! The life of a session.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    audit::AuditAction,
};

use crate::support::{ALL, PASSWORD, TestApp, Visitor};

const MINUTE: i64 = 60;
const ADA: &str = "platform_admin@example.com";

async fn is_signed_in(app: &TestApp, visitor: &Visitor) -> bool {
    !app.call(visitor, "session/status", json!({})).await.expect(200)["user"].is_null()
}

async fn sessions(app: &TestApp, visitor: &Visitor) -> Vec<Value> {
    app.call(visitor, "session/list", json!({})).await.expect(200).as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    for _ in 0..3 {
        app.clock.advance(29 * MINUTE);
        assert!(is_signed_in(&app, &ada).await);
    }
    app.clock.advance(30 * MINUTE);
    assert!(!is_signed_in(&app, &ada).await);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_in_any_case() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    for _ in 0..(12 * 60 / 20 - 1) {
        app.clock.advance(20 * MINUTE);
        assert!(is_signed_in(&app, &ada).await);
    }
    app.clock.advance(20 * MINUTE);
    assert!(!is_signed_in(&app, &ada).await);
}

#[tokio::test]
async fn signing_in_never_takes_over_a_value_that_the_browser_had() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let planted = Visitor { cookie: ada.cookie.clone(), ..Visitor::default() };
    let answer = app.call(&planted, "session/sign-in", json!({"email": ADA, "password": PASSWORD})).await;
    answer.expect(200);
    assert_ne!(answer.cookie(), ada.cookie);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let answer = app.call(&ada, "session/sign-out", json!({})).await;
    answer.expect(200);
    assert!(answer.header("set-cookie").is_some_and(|value| value.contains("Max-Age=0")));
    assert!(!is_signed_in(&app, &ada).await);
    app.call(&ada, "session/sign-out", json!({})).await.expect(401);
}

#[tokio::test]
async fn one_of_the_own_sessions_can_be_ended_and_nobody_elses() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let elsewhere = app.sign_in(ADA).await;
    let grace = app.signed_in(Role::PlatformReader).await;
    let own = sessions(&app, &ada).await;
    assert_eq!(own.len(), 2);
    let current = |session: &&Value| session["is_current"] == true;
    assert_eq!(own.iter().filter(current).count(), 1);
    let foreign = sessions(&app, &grace).await[0]["id"].clone();
    app.call(&ada, "session/revoke", json!({"id": foreign})).await.expect(404);
    assert!(is_signed_in(&app, &grace).await);
    let other = own.iter().find(|session| session["is_current"] == false).expect("another")["id"].clone();
    app.call(&ada, "session/revoke", json!({"id": other})).await.expect(200);
    assert!(!is_signed_in(&app, &elsewhere).await);
    assert!(is_signed_in(&app, &ada).await);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_renews_this_one() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let elsewhere = app.sign_in(ADA).await;
    let change = json!({"current": PASSWORD, "new": "another long password"});
    let answer = app.call(&ada, "session/change-password", change).await;
    answer.expect(200);
    assert!(!is_signed_in(&app, &elsewhere).await);
    assert!(!is_signed_in(&app, &ada).await);
    let renewed = ada.after(&answer);
    assert!(is_signed_in(&app, &renewed).await);
    assert_eq!(sessions(&app, &renewed).await.len(), 1);
    let old = json!({"email": ADA, "password": PASSWORD});
    app.call(&Visitor::default(), "session/sign-in", old).await.expect(422);
}

#[tokio::test]
async fn a_session_is_remembered_with_address_and_browser() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    let visitor = Visitor::from("2001:db8::7");
    let arguments = json!({"email": ADA, "password": PASSWORD}).to_string();
    let request = app.function(&visitor, "session/sign-in").header("user-agent", "Browser/1").body(arguments.into());
    let answer = app.send(request.expect("a request"), visitor.peer).await;
    let list = sessions(&app, &visitor.after(&answer)).await;
    let mine = list.iter().find(|session| session["is_current"] == true).expect("this session");
    assert_eq!((&mine["address"], &mine["user_agent"]), (&json!("2001:db8::7"), &json!("Browser/1")));
}

#[tokio::test]
async fn a_made_up_cookie_is_nobodys() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let name = ada.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a name").0.to_owned();
    // What the database holds must not open the door either.
    let hash = app.database.texts("SELECT hash FROM vestibule_sessions").await.remove(0);
    for value in ["", "x", hash.as_str()] {
        let visitor = Visitor { cookie: Some(format!("{name}={value}")), ..Visitor::default() };
        assert!(!is_signed_in(&app, &visitor).await, "{value}");
    }
}

#[tokio::test]
async fn signing_in_over_a_live_session_ends_the_old_one() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let elsewhere = app.sign_in(ADA).await;
    let again = app.call(&ada, "session/sign-in", json!({"email": ADA, "password": PASSWORD})).await;
    again.expect(200);
    assert!(!is_signed_in(&app, &ada).await);
    assert!(is_signed_in(&app, &elsewhere).await);
    let now = ada.after(&again);
    assert_eq!(sessions(&app, &now).await.len(), 2);
    // A wrong password changes nothing, and another person's session ends as well.
    app.call(&now, "session/sign-in", json!({"email": ADA, "password": "wrong"})).await.expect(422);
    assert!(is_signed_in(&app, &now).await);
    app.administrator("grace@example.com", app.grant(Role::PlatformReader).await).await;
    let grace = json!({"email": "grace@example.com", "password": PASSWORD});
    app.call(&now, "session/sign-in", grace).await.expect(200);
    assert!(!is_signed_in(&app, &now).await);
    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log").items;
    let ended: Vec<_> = log.iter().filter(|entry| entry.action == AuditAction::SignedOut).collect();
    assert_eq!(ended.len(), 2);
    assert!(ended.iter().all(|entry| entry.actor == ADA), "{ended:?}");
}

#[tokio::test]
async fn a_session_under_a_clock_that_was_ahead_lasts_no_longer_than_others() {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let app = TestApp::start().await;
    app.clock.advance(YEAR);
    let (ada, unused) = (app.signed_in(Role::PlatformAdmin).await, app.sign_in(ADA).await);
    app.clock.advance(-YEAR);
    // A session that is used is brought back by its use, and the others by housekeeping.
    assert!(is_signed_in(&app, &ada).await);
    let brought_back = last_seen(&app).await.into_iter().min();
    app.keep_house(async || last_seen(&app).await.into_iter().max() == brought_back).await;
    for _ in 0..(12 * 60 / 20) {
        assert!(is_signed_in(&app, &ada).await);
        app.clock.advance(20 * MINUTE);
    }
    assert!(!is_signed_in(&app, &ada).await);
    assert!(!is_signed_in(&app, &unused).await);
}

/// When each session was last used.
async fn last_seen(app: &TestApp) -> Vec<i64> {
    let times = app.database.texts("SELECT CAST(last_seen_at AS TEXT) FROM vestibule_sessions").await;
    times.iter().map(|time| time.parse().expect("a number")).collect()
}

#[tokio::test]
async fn nodes_whose_clocks_differ_by_seconds_share_a_session_without_writing_at_each_request() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let before = last_seen(&app).await;
    app.clock.advance(-2);
    assert!(is_signed_in(&app, &ada).await);
    assert_eq!(last_seen(&app).await, before);
}

#[tokio::test]
async fn a_session_that_lies_ahead_is_brought_back_and_no_other() {
    let app = TestApp::start().await;
    let (ada, _other) = (app.signed_in(Role::PlatformAdmin).await, app.sign_in(ADA).await);
    let before = last_seen(&app).await;
    app.clock.advance(-24 * 60 * MINUTE);
    assert!(is_signed_in(&app, &ada).await);
    let after = last_seen(&app).await;
    assert_eq!(after.iter().filter(|time| before.contains(time)).count(), 1, "{before:?} {after:?}");
}
