//! Signing in, and being slowed down.

use serde_json::json;
use vestibule::domain::actor::Role;

use crate::support::{Answer, PASSWORD, TestApp, Visitor};

const ADA: &str = "platform_admin@example.com";

async fn sign_in(app: &TestApp, visitor: &Visitor, email: &str, password: &str) -> Answer {
    app.call(visitor, "session/sign-in", json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn wrong_address_and_wrong_password_are_answered_alike() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    let visitor = Visitor::default();
    let unknown = sign_in(&app, &visitor, "nobody@example.com", PASSWORD).await;
    let wrong = sign_in(&app, &visitor, ADA, "wrong").await;
    assert_eq!(unknown.expect(422), wrong.expect(422));
    assert_eq!((unknown.cookie(), wrong.cookie()), (None, None));
    sign_in(&app, &visitor, " Platform_Admin@Example.COM ", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn guessing_from_one_address_is_slowed_down_more_and_more() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    let attacker = Visitor::from("203.0.113.9");
    for _ in 0..4 {
        sign_in(&app, &attacker, ADA, "wrong").await.expect(422);
    }
    let mut waits = Vec::new();
    for _ in 0..4 {
        let slowed = sign_in(&app, &attacker, ADA, PASSWORD).await;
        slowed.expect(429);
        let wait: i64 = slowed.header("retry-after").and_then(|value| value.parse().ok()).expect("seconds");
        waits.push(wait);
        app.clock.advance(wait);
        sign_in(&app, &attacker, ADA, "wrong").await.expect(422);
    }
    assert_eq!(waits, [1, 2, 4, 8]);
}

#[tokio::test]
async fn no_account_is_locked_for_its_owner() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    // From many addresses, which no single address's counter notices.
    for number in 0..60 {
        let attacker = Visitor::from(&format!("203.0.113.{number}"));
        for _ in 0..3 {
            sign_in(&app, &attacker, ADA, "wrong").await;
            app.clock.advance(6);
        }
    }
    app.clock.advance(-6);
    let owner = Visitor::from("198.51.100.1");
    let slowed = sign_in(&app, &owner, ADA, PASSWORD).await;
    slowed.expect(429);
    let wait: i64 = slowed.header("retry-after").and_then(|value| value.parse().ok()).expect("seconds");
    assert!((1..=5).contains(&wait), "{wait}");
    app.clock.advance(wait);
    sign_in(&app, &owner, ADA, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn one_address_that_tries_many_accounts_is_slowed_down() {
    let app = TestApp::start().await;
    let attacker = Visitor::from("203.0.113.9");
    for number in 0..30 {
        sign_in(&app, &attacker, &format!("user{number}@example.com"), "wrong").await.expect(422);
    }
    sign_in(&app, &attacker, "another@example.com", "wrong").await.expect(429);
    sign_in(&app, &Visitor::from("198.51.100.1"), "another@example.com", "wrong").await.expect(422);
}

#[tokio::test]
async fn success_forgets_the_failures() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    let visitor = Visitor::default();
    for _ in 0..2 {
        for _ in 0..3 {
            sign_in(&app, &visitor, ADA, "wrong").await.expect(422);
        }
        sign_in(&app, &visitor, ADA, PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn guessing_the_current_password_in_a_session_is_slowed_down_too() {
    let app = TestApp::start().await;
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let guess = json!({"current": "wrong", "new": "a new long password"});
    for _ in 0..4 {
        app.call(&ada, "session/change-password", guess.clone()).await.expect(422);
    }
    app.call(&ada, "session/change-password", guess).await.expect(429);
}

#[tokio::test]
async fn a_clock_that_was_ahead_locks_nobody_out() {
    const YEAR: i64 = 403 * 24 * 60 * 60;
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    app.clock.advance(YEAR);
    let visitor = Visitor::default();
    for _ in 0..20 {
        let slowed = sign_in(&app, &visitor, ADA, "wrong").await;
        let wait: i64 = slowed.header("retry-after").and_then(|value| value.parse().ok()).unwrap_or_default();
        app.clock.advance(wait);
    }
    app.clock.advance(-YEAR);
    let slowed = sign_in(&app, &visitor, ADA, PASSWORD).await;
    slowed.expect(429);
    let wait: i64 = slowed.header("retry-after").and_then(|value| value.parse().ok()).expect("seconds");
    assert!((1..=15 * 60).contains(&wait), "{wait}");
    app.clock.advance(wait);
    sign_in(&app, &visitor, ADA, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn counting_starts_over_under_a_clock_that_was_ahead() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    app.clock.advance(400 * 24 * 60 * 60);
    for _ in 0..4 {
        sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(422);
    }
    app.clock.advance(-400 * 24 * 60 * 60);
    sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(429);
    app.clock.advance(60 * 60 + 1);
    for _ in 0..4 {
        sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(422);
    }
}

#[tokio::test]
async fn who_waits_under_a_clock_that_was_ahead_changes_no_counters_but_their_own() {
    let app = TestApp::start().await;
    let (visitor, other) = (Visitor::from("203.0.113.9"), Visitor::from("198.51.100.1"));
    for _ in 0..4 {
        sign_in(&app, &visitor, ADA, "wrong").await.expect(422);
        sign_in(&app, &other, "grace@example.com", "wrong").await.expect(422);
    }
    let counters = async || app.database.texts("SELECT CAST(last_at AS TEXT) FROM vestibule_sign_in_failures").await;
    let before = counters().await;
    app.clock.advance(-24 * 60 * 60);
    sign_in(&app, &visitor, ADA, "wrong").await.expect(429);
    let after = counters().await;
    // Of the account, of the address, and of both.
    assert_eq!((after.len(), after.iter().filter(|time| before.contains(time)).count()), (6, 3), "{after:?}");
}

#[tokio::test]
async fn a_wait_is_as_long_as_reported_on_a_node_whose_clock_is_seconds_behind() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(422);
    }
    app.clock.advance(-5);
    sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(429);
    app.clock.advance(1);
    sign_in(&app, &Visitor::default(), ADA, "wrong").await.expect(422);
}
