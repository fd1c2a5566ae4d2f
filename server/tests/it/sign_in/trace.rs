//! Traces: what administrators read of an attempt, and what is never in it.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    provider::{NewProvider, ProviderPatch, Provisioning},
};

use super::{
    browser::{Browser, Place, new_provider},
    provider::{SECRET, SigningProvider},
};
use crate::support::{Answer, TestApp, Visitor};

/// In microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Where the traces are.
pub(super) const SIGN_INS: &str = "/api/v1/admin/sign-ins/";

/// The reference that a page of failure shows.
pub(super) fn reference_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 403, "{}", answer.text());
    reference_on(answer)
}

/// The reference on a page.
pub(super) fn reference_on(answer: &Answer) -> String {
    let (_, rest) = answer.text().split_once("class=\"reference\">").expect("a reference");
    rest.split('<').next().expect("a text").to_owned()
}

/// What a caller is answered.
pub(super) async fn read(app: &TestApp, token: &str, path: &str) -> Answer {
    app.get(&format!("{SIGN_INS}{path}"), Some(&format!("Bearer {token}"))).await
}

/// What a caller is answered to a request for something to be done.
pub(super) async fn post(app: &TestApp, token: &str, path: &str) -> Answer {
    let request = Request::post(app.path(&format!("{SIGN_INS}{path}")));
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::empty());
    app.send(request.expect("a request"), Visitor::default().peer).await
}

/// A provider that creates no users.
pub(super) const NO_CREATION: Provisioning = Provisioning { auto_create_users: false, update_user_on_login: true };

/// What a platform administrator reads of an attempt.
pub(super) async fn trace(app: &TestApp, reference: &str) -> Value {
    let token = app.token(Role::PlatformAdmin).await;
    read(app, &token, reference).await.expect(200)["data"].clone()
}

/// The attempts that a platform administrator's query finds.
pub(super) async fn list(app: &TestApp, query: &str) -> Vec<Value> {
    let token = app.token(Role::PlatformAdmin).await;
    let page = read(app, &token, &format!("?{query}")).await.expect(200);
    let data = page["data"].as_array().expect("a list").clone();
    assert_eq!(page["pagination"]["total_items"], data.len(), "{page}");
    data
}

fn names(trace: &Value) -> Vec<&str> {
    trace["steps"].as_array().expect("steps").iter().map(|step| step["name"].as_str().expect("a name")).collect()
}

pub(super) fn last(trace: &Value) -> &Value {
    trace["steps"].as_array().and_then(|steps| steps.last()).expect("a step")
}

#[tokio::test]
async fn the_reference_of_a_failure_leads_to_the_check_that_failed() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["aud"] = json!("another client"));
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    let trace = trace(&place.app, &reference.to_lowercase()).await;
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("failed"), &json!("token_check")));
    assert_eq!(trace["reference"], json!(reference));
    assert_eq!(trace["idp_id"], json!(place.provider.id.prefixed()));
    assert_eq!(trace["tenant_id"], json!(place.app.default_tenant().await.prefixed()));
    assert_eq!(
        names(&trace),
        ["request", "start", "claim", "access", "response", "token_request", "keys", "token_check"]
    );
    let failure = &last(&trace)["failure"];
    assert_eq!(failure["rule"], "OpenID Connect Core 1.0, section 3.1.3.7, item 3");
    assert_eq!(failure["message"], "the ID token is for another client: aud does not contain the client ID");
    assert_eq!(failure["advice"], "Check the client ID here and at the provider.");
    let asked = &trace["steps"][5];
    let address = format!("{}/token", place.openid.issuer());
    assert_eq!(asked["request"], json!({"method": "POST", "address": address}));
    assert_eq!(asked["response"]["status"], 200);
}

#[tokio::test]
async fn a_sign_in_that_works_names_the_user_and_the_claims() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place.openid.user_info(json!({"sub": "ada", "email": "ada@corp.example"}));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let [attempt] = &list(&place.app, "outcome=signed_in").await[..] else { panic!("one attempt") };
    assert_eq!(attempt["user_id"], json!(place.users().await[0].id.prefixed()));
    let trace = trace(&place.app, attempt["reference"].as_str().expect("a reference")).await;
    assert_eq!(names(&trace)[7..], ["token_check", "claims_request", "decision", "session"]);
    assert_eq!(trace["steps"][8]["response"], json!({"status": 200, "claims": ["email", "sub"]}));
    assert_eq!(trace["claims"]["email"], "ada@corp.example");
}

#[tokio::test]
async fn a_refusal_says_why_and_of_whom() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    let user = place.users().await[0].id;
    place.app.services.users.set_blocked(&Actor::operator(), user, true, None).await.expect("a block");
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    let trace = trace(&place.app, &reference).await;
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("refused"), &json!("blocked")));
    assert_eq!(trace["user_id"], json!(user.prefixed()));
    assert_eq!(last(&trace)["name"], "decision");
    assert_eq!(last(&trace)["failure"]["message"], "An administrator blocked the user.");
}

#[tokio::test]
async fn a_provider_that_is_off_is_the_reason() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let off = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    place.app.update(&place.provider, off).await.expect("a change");
    let reference = reference_of(&browser.finish(&place, &callback).await);
    let trace = trace(&place.app, &reference).await;
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("refused"), &json!("provider_disabled")));
    assert_eq!(last(&trace)["name"], "access");
}

#[tokio::test]
async fn nothing_secret_is_stored_in_a_trace() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "login_hint=ada%40corp.example").await;
    let start = browser.cookies[0].1.clone();
    assert_eq!(browser.finish(&place, &callback).await.status, 303);
    let session = browser.session().expect("a session").clone();
    place.openid.user_info(json!({"sub": "eve", "email": "eve@corp.example"}));
    place.openid.claims(|claims| claims["email"] = Value::Null);
    reference_of(&Browser::default().sign_in(&place, "").await);
    assert_eq!(list(&place.app, "").await.len(), 2);
    let everything = "SELECT reference || outcome || COALESCE(reason, '') || start_steps || end_steps || \
        COALESCE(claims, '') FROM vestibule_sign_in_attempts";
    let stored = place.app.database.texts(everything).await.join("\n");
    assert!(stored.contains("/token") && stored.contains("/authorize"), "{stored}");
    let secrets = [
        ("the code", callback[0].1.as_str()),
        ("the state", callback[1].1.as_str()),
        ("the start", &start),
        ("the session", &session),
        ("the access token", "an access token"),
        ("the client's secret", SECRET),
        ("the client's secret, encoded", "Y2xpZW50"),
        ("an ID token", "eyJ"),
        ("an address of mail", "corp.example"),
        ("a query", "?"),
    ];
    for (what, secret) in secrets {
        assert!(!stored.contains(secret), "{what}: {stored}");
    }
}

#[tokio::test]
async fn who_does_not_come_back_has_abandoned_the_sign_in() {
    let place = Place::new().await;
    Browser::default().begin(&place, "").await;
    let [attempt] = &list(&place.app, "outcome=started").await[..] else { panic!("one attempt") };
    assert_eq!(attempt["ended_at"], Value::Null);
    place.app.clock.advance(10 * 60 + 1);
    assert!(list(&place.app, "outcome=started").await.is_empty());
    let [attempt] = &list(&place.app, "outcome=abandoned").await[..] else { panic!("one attempt") };
    assert_eq!((&attempt["outcome"], &attempt["ended_at"]), (&json!("abandoned"), &json!("2027-01-15T08:10:00Z")));
    let trace = trace(&place.app, attempt["reference"].as_str().expect("a reference")).await;
    assert_eq!((&trace["outcome"], names(&trace)), (&json!("abandoned"), vec!["request"]));
}

#[tokio::test]
async fn a_second_callback_is_an_attempt_of_its_own() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let held = browser.clone();
    assert_eq!(browser.finish(&place, &callback).await.status, 303);
    let reference = reference_of(&held.clone().finish(&place, &callback).await);
    let second = trace(&place.app, &reference).await;
    assert_eq!((&second["outcome"], &second["reason"]), (&json!("failed"), &json!("used_twice")));
    assert_eq!(second["tenant_id"], json!(place.app.default_tenant().await.prefixed()));
    let [first] = &list(&place.app, "outcome=signed_in").await[..] else { panic!("one attempt") };
    assert_ne!(first["reference"], second["reference"]);
}

#[tokio::test]
async fn old_traces_are_removed() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    assert_eq!(list(&place.app, "").await.len(), 1);
    place.app.clock.advance(29 * 24 * 60 * 60);
    Browser::default().sign_in(&place, "").await;
    assert_eq!(list(&place.app, "").await.len(), 2);
    place.app.clock.advance(24 * 60 * 60 + 1);
    let count = async || place.app.database.texts("SELECT reference FROM vestibule_sign_in_attempts").await.len();
    place.app.keep_house(async || count().await == 1).await;
    assert_eq!(list(&place.app, "").await.len(), 1);
}

#[tokio::test]
async fn claims_are_removed_before_the_rest() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.app.clock.advance(6 * 24 * 60 * 60);
    let [attempt] = &list(&place.app, "").await[..] else { panic!("one attempt") };
    let reference = attempt["reference"].as_str().expect("a reference");
    let sealed = async || {
        place.app.database.texts("SELECT claims FROM vestibule_sign_in_attempts WHERE claims IS NOT NULL").await.len()
    };
    place.app.keep_house(async || sealed().await == 1).await;
    assert_eq!(trace(&place.app, reference).await["claims"]["email"], "ada@corp.example");
    place.app.clock.advance(24 * 60 * 60 + 1);
    place.app.keep_house(async || sealed().await == 0).await;
    let seen = trace(&place.app, reference).await;
    assert_eq!((&seen["outcome"], &seen["claims"]), (&json!("signed_in"), &Value::Null), "{seen}");
    assert_eq!(names(&seen)[0], "request");
}

#[tokio::test]
async fn how_long_attempts_are_kept_is_a_setting() {
    let set = |builder: vestibule::Builder| builder.sign_in_retention_days(3).sign_in_claims_retention_days(1);
    let app = TestApp::start_with(set).await;
    let (old, young) = (1_800_000_000_000_000_i64 - 4 * DAY, 1_800_000_000_000_000_i64 - 2 * DAY);
    let id = if app.database.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    for (reference, at) in [("OLD", old), ("YOUNG", young)] {
        let sql = format!(
            "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, started_at, start_steps, end_steps, \
             claims, evidence) VALUES ({id}, '{reference}', 'real', 'signed_in', {at}, '[]', '[]', 'sealed', 'person')"
        );
        app.database.execute(&sql).await;
    }
    let left = "SELECT reference || COALESCE(claims, '') FROM vestibule_sign_in_attempts";
    app.keep_house(async || app.database.texts(left).await == ["YOUNG"]).await;
}

#[tokio::test]
async fn a_flood_of_addresses_displaces_no_failure_and_nobody_who_signed_in() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    reference_of(&Browser::default().sign_in(&place, "").await);
    assert_eq!(list(&place.app, "").await.len(), 2);
    let app = &place.app;
    let id = if app.database.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
    let flood = format!(
        "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, started_at, start_steps, end_steps, \
         evidence) WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100700) \
         SELECT {id}, 'F' || n, 'real', 'refused', 1800000000000000 + n, '[]', '[]', 'address' FROM numbers"
    );
    app.database.execute(&flood).await;
    let oldest = "SELECT CAST(MIN(started_at) - 1800000000000000 AS TEXT) FROM vestibule_sign_in_attempts \
        WHERE evidence = 'address'";
    app.keep_house(async || app.database.texts(oldest).await == ["701"]).await;
    let others = "SELECT outcome || evidence FROM vestibule_sign_in_attempts WHERE evidence <> 'address' ORDER BY 1";
    assert_eq!(app.database.texts(others).await, ["failedstart", "signed_inperson"]);
}

#[tokio::test]
async fn an_address_of_another_provider_does_not_get_into_the_tenants_traces() {
    let place = Place::new().await;
    let other = place.app.database.insert_tenant("other", None).await;
    let theirs = NewProvider { owner: Some(other), ..new_provider(&place.app, &place.openid, "Secret project") };
    let theirs = place.app.create_new(theirs).await.expect("a provider");
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let own = place.provider.clone();
    let place = place.about(theirs);
    let reference = reference_of(&browser.finish(&place, &callback).await);
    let seen = trace(&place.app, &reference).await;
    assert_eq!((&seen["reason"], &seen["idp_id"]), (&json!("other_provider"), &json!(own.id.prefixed())), "{seen}");
    let tenant = place.app.default_tenant().await;
    assert_eq!(seen["tenant_id"], json!(tenant.prefixed()));
}

#[tokio::test]
async fn claims_that_are_too_long_are_left_out_alone() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["long"] = json!("x".repeat(40_000)));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let [attempt] = &list(&place.app, "outcome=signed_in").await[..] else { panic!("one attempt") };
    let seen = trace(&place.app, attempt["reference"].as_str().expect("a reference")).await;
    assert_eq!((&seen["outcome"], &seen["claims"]), (&json!("signed_in"), &Value::Null), "{seen}");
}

#[tokio::test]
async fn lists_are_narrowed() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.app.clock.advance(60);
    let place = place.at(SigningProvider::start().await, "Other").await;
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    reference_of(&Browser::default().sign_in(&place, "provider=other").await);
    let other = place.provider.id.prefixed();
    for (query, found) in [
        (String::new(), 2),
        (format!("idp_id={other}"), 1),
        ("idp_id=idp_1".to_owned(), 0),
        ("tenant_id=default".to_owned(), 2),
        ("tenant_id=nowhere".to_owned(), 0),
        ("outcome=failed".to_owned(), 1),
        ("since=2027-01-15T08:01:00Z".to_owned(), 1),
        ("until=2027-01-15T08:01:00Z".to_owned(), 1),
        ("since=2027-01-15T09:01:00%2B01:00&outcome=signed_in".to_owned(), 0),
    ] {
        assert_eq!(list(&place.app, &query).await.len(), found, "{query}");
    }
    let token = place.app.token(Role::PlatformAdmin).await;
    let answer = read(&place.app, &token, "?outcome=gone&since=yesterday").await.expect(422);
    assert_eq!(answer["detail"].as_array().map(Vec::len), Some(2), "{answer}");
}
