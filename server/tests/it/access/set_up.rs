//! The one-time link that creates the first administrator.

use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use crate::support::{Answer, PASSWORD, TestApp, Visitor};

const HOUR: i64 = 60 * 60;

/// The secret behind the link that the server prints.
async fn link(app: &TestApp) -> String {
    let link = app.vestibule.set_up_link().await.expect("a link").expect("a link");
    let (address, secret) = link.expose().rsplit_once('#').expect("a secret in the fragment");
    assert_eq!(address, "https://id.example.com/sso/set-up");
    secret.to_owned()
}

async fn complete(app: &TestApp, secret: &str) -> Answer {
    let arguments = json!({"link_secret": secret, "email": "ada@example.com", "password": PASSWORD});
    app.call(&Visitor::default(), "set-up/complete", arguments).await
}

async fn needs_set_up(app: &TestApp) -> Value {
    app.call(&Visitor::default(), "session/status", json!({})).await.expect(200)["needs_set_up"].clone()
}

#[tokio::test]
async fn the_link_makes_the_first_administrator_and_signs_them_in() {
    let app = TestApp::start().await;
    assert_eq!(needs_set_up(&app).await, true);
    let answer = complete(&app, &link(&app).await).await;
    answer.expect(200);
    let visitor = Visitor::default().after(&answer);
    let user = app.call(&visitor, "session/status", json!({})).await.expect(200)["user"].clone();
    assert_eq!((&user["name"], &user["grant"]["role"]), (&json!("ada@example.com"), &json!("platform_admin")));
    assert_eq!(needs_set_up(&app).await, false);
}

#[tokio::test]
async fn the_link_holds_an_hour_and_no_longer() {
    let app = TestApp::start().await;
    let secret = link(&app).await;
    app.clock.advance(HOUR);
    complete(&app, &secret).await.expect(422);
    let secret = link(&app).await;
    app.clock.advance(HOUR - 1);
    complete(&app, &secret).await.expect(200);
}

#[tokio::test]
async fn a_newer_link_replaces_the_older_one() {
    let app = TestApp::start().await;
    let older = link(&app).await;
    let newer = app.second_node().await;
    let newer = link(&newer).await;
    complete(&app, &older).await.expect(422);
    complete(&app, &newer).await.expect(200);
}

#[tokio::test]
async fn the_link_works_once() {
    let app = TestApp::start().await;
    let secret = link(&app).await;
    complete(&app, &secret).await.expect(200);
    complete(&app, &secret).await.expect(422);
    assert!(app.vestibule.set_up_link().await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_refused_password_does_not_use_the_link_up() {
    let app = TestApp::start().await;
    let secret = link(&app).await;
    let arguments = json!({"link_secret": secret, "email": "ada@example.com", "password": "short"});
    app.call(&Visitor::default(), "set-up/complete", arguments).await.expect(422);
    complete(&app, &secret).await.expect(200);
}

#[tokio::test]
async fn an_administrator_made_elsewhere_voids_the_link() {
    let app = TestApp::start().await;
    let secret = link(&app).await;
    let grant = app.grant(Role::PlatformReader).await;
    app.administrator("grace@example.com", grant).await;
    complete(&app, &secret).await.expect(422);
}

#[tokio::test]
async fn of_two_who_open_the_link_at_once_one_wins() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    let secret = link(&app).await;
    let (first, second) = tokio::join!(complete(&app, &secret), complete(&other, &secret));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    assert_eq!(app.database.texts("SELECT email FROM vestibule_administrators").await.len(), 1);
}

#[tokio::test]
async fn a_guessed_link_is_refused_also_when_none_was_issued() {
    let app = TestApp::start().await;
    complete(&app, "guessed").await.expect(422);
    link(&app).await;
    complete(&app, "guessed").await.expect(422);
    complete(&app, "").await.expect(422);
}
