//! Test sign-ins: the whole flow, and nothing changes.

use serde_json::{Value, json};
use vestibule::{
    Dialect,
    domain::{
        actor::{Grant, Role},
        provider::{NewProvider, ProviderPatch},
        token::NewApiToken,
    },
};

use super::{
    browser::{Browser, Place, link, new_provider},
    trace::{NO_CREATION, list, post, read, reference_of, reference_on, trace},
};
use crate::support::{Answer, TestApp, Visitor};

/// An administrator of the portal, and the browser in which they are signed in.
async fn portal(app: &TestApp, role: Role) -> (Visitor, Browser) {
    let visitor = app.signed_in(role).await;
    let (name, value) = visitor.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie");
    let browser = Browser { cookies: vec![(name.to_owned(), value.to_owned())] };
    (visitor, browser)
}

/// Begins a test in the portal of a browser. Returns its reference and the path of its address.
async fn begin(place: &Place, visitor: &Visitor, browser: &mut Browser) -> (String, String) {
    let arguments = json!({"provider": place.provider.id, "tenant": null});
    let answer = place.app.call(visitor, "sign-ins/begin-test", arguments).await;
    let test = answer.expect(200);
    let (name, value) = answer.cookie().and_then(|cookie| cookie.split_once('=').map(owned)).expect("a cookie");
    assert!(name.ends_with("-test"), "{name}");
    browser.cookies.retain(|(held, _)| *held != name);
    browser.cookies.push((name, value));
    (text(&test["reference"]), path_of(&text(&test["url"])))
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn path_of(url: &str) -> String {
    url.strip_prefix("https://id.example.com/sso").expect("the mount").to_owned()
}

/// Opens a test's address, authenticates at the provider, and comes back.
async fn go(place: &Place, browser: &mut Browser, path: &str) -> Answer {
    let answer = browser.get(&place.app, path).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let callback = place.openid.authenticate(answer.header("location").expect("an address"));
    browser.finish(place, &callback).await
}

async fn result(place: &Place, visitor: &Visitor, reference: &str) -> Value {
    place.app.call(visitor, "sign-ins/get", json!({"reference": reference})).await.expect(200)
}

#[tokio::test]
async fn a_test_shows_what_would_happen_and_changes_nothing() {
    let place = Place::new().await;
    // Disabled, and linked to no tenant.
    let off = NewProvider { enabled: false, ..new_provider(&place.app, &place.openid, "New") };
    let provider = place.app.create_new(off).await.expect("a provider");
    let place = place.about(provider);
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let (reference, path) = begin(&place, &visitor, &mut browser).await;
    let waiting = result(&place, &visitor, &reference).await;
    assert_eq!(waiting["summary"]["attempt"]["outcome"], "started", "{waiting}");
    let answer = go(&place, &mut browser, &path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(reference_on(&answer), reference);
    assert!(!answer.text().contains("ada"), "the page shows nothing of the person");
    assert!(browser.session().is_none() && browser.user(&place.app).await.is_none());
    assert!(place.users().await.is_empty());
    let rows = "SELECT subject FROM vestibule_identity_links UNION ALL SELECT hash FROM vestibule_user_sessions";
    assert!(place.app.database.texts(rows).await.is_empty());
    let result = result(&place, &visitor, &reference).await;
    let attempt = &result["summary"]["attempt"];
    assert_eq!((&attempt["kind"], &attempt["outcome"]), (&json!("test"), &json!("tested")), "{result}");
    assert!(text(&result["claims"]).contains("ada@corp.example"), "{result}");
    let preview = &result["preview"];
    assert_eq!(preview["outcome"]["kind"], "create", "{preview}");
    assert_eq!(preview["outcome"]["profile"]["email"], "ada@corp.example", "{preview}");
    assert_eq!(preview["warnings"], json!(["provider_disabled", "not_linked"]), "{preview}");
    assert!(list(&place.app, "outcome=signed_in").await.is_empty());
}

#[tokio::test]
async fn a_test_of_a_known_person_shows_what_would_change() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    let before = place.users().await;
    place.openid.claims(|claims| claims["email"] = json!("ada@new.example"));
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let (reference, path) = begin(&place, &visitor, &mut browser).await;
    assert_eq!(go(&place, &mut browser, &path).await.status, 200);
    assert_eq!(place.users().await, before);
    let result = result(&place, &visitor, &reference).await;
    let outcome = &result["preview"]["outcome"];
    assert_eq!(
        (&outcome["kind"], &outcome["user"], &outcome["link"]),
        (&json!("existing"), &json!(before[0].id), &json!("keep")),
        "{result}"
    );
    let change = json!({"field": "email", "from": "ada@corp.example", "to": "ada@new.example"});
    assert_eq!(outcome["changes"], json!([change]), "{result}");
    // The earlier sign-in is untouched, and the test can be told apart.
    let [attempt] = &list(&place.app, "outcome=tested").await[..] else { panic!("one test") };
    assert_eq!(attempt["kind"], "test");
}

#[tokio::test]
async fn a_test_that_is_refused_or_fails_says_why() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["sub"] = json!("eve"));
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let none = ProviderPatch { provisioning: Some(NO_CREATION), ..ProviderPatch::default() };
    place.app.update(&place.provider, none).await.expect("a change");
    let (reference, path) = begin(&place, &visitor, &mut browser).await;
    assert_eq!(go(&place, &mut browser, &path).await.status, 200);
    let refused = result(&place, &visitor, &reference).await;
    assert_eq!(refused["summary"]["attempt"]["reason"], "creation_off", "{refused}");
    assert_eq!(refused["preview"]["outcome"]["refusal"]["code"], "creation_off", "{refused}");
    assert_eq!(refused["may_admit"], false, "a test changes nothing, later either");
    let admit = place.app.call(&visitor, "sign-ins/admit", json!({"reference": reference})).await;
    admit.expect(422);
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    let (reference, path) = begin(&place, &visitor, &mut browser).await;
    let answer = go(&place, &mut browser, &path).await;
    assert!(answer.status == 200 && !answer.text().contains("Try again"), "{}", answer.text());
    let failed = result(&place, &visitor, &reference).await;
    assert_eq!(failed["summary"]["attempt"]["reason"], "token_check", "{failed}");
    assert_eq!((&failed["preview"], &failed["claims"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_test_belongs_to_the_browser_in_which_it_was_begun() {
    let place = Place::new().await;
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let (_, path) = begin(&place, &visitor, &mut browser).await;
    // Somebody to whom the administrator sent the address, and another administrator.
    let (_, mut colleague) = portal(&place.app, Role::PlatformReader).await;
    for other in [&mut Browser::default(), &mut colleague] {
        let answer = other.get(&place.app, &path).await;
        assert_eq!((answer.status, answer.header("location")), (403, None), "{}", answer.text());
    }
    let answer = browser.get(&place.app, &path).await;
    let callback = place.openid.authenticate(answer.header("location").expect("an address"));
    // The callback in another browser ends nothing.
    let answer = Browser::default().finish(&place, &callback).await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let held = browser.clone();
    assert_eq!(browser.finish(&place, &callback).await.status, 200);
    // Neither does a second one, which belongs to the test; and the address does not work again.
    let answer = held.clone().finish(&place, &callback).await;
    let second = trace(&place.app, &reference_of(&answer)).await;
    assert_eq!((&second["kind"], &second["reason"]), (&json!("test"), &json!("used_twice")), "{second}");
    let answer = browser.get(&place.app, &path).await;
    assert_eq!((answer.status, answer.header("location")), (403, None), "{}", answer.text());
    assert_eq!(trace(&place.app, &reference_on(&answer)).await["reason"], "used_ticket");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn a_ticket_is_sealed_and_lasts_five_minutes() {
    let place = Place::new().await;
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let (_, path) = begin(&place, &visitor, &mut browser).await;
    let mut altered = path.clone().into_bytes();
    let middle = altered.len() / 2;
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).expect("text");
    for bad in
        [altered.as_str(), "/login/test", "/login/test?ticket=x", "/login/test?ticket=%00", "/login/test?ticket=%FF"]
    {
        let answer = browser.get(&place.app, bad).await;
        assert!(matches!(answer.status, 400 | 403), "{bad}: {}", answer.text());
    }
    place.app.clock.advance(5 * 60);
    let answer = browser.get(&place.app, &path).await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let reference = reference_on(&answer);
    assert_eq!(trace(&place.app, &reference).await["reason"], "bad_ticket");
}

#[tokio::test]
async fn only_the_administrator_who_began_a_test_reads_its_claims() {
    let place = Place::new().await;
    let (visitor, mut browser) = portal(&place.app, Role::PlatformAdmin).await;
    let (reference, path) = begin(&place, &visitor, &mut browser).await;
    go(&place, &mut browser, &path).await;
    let (other, _) = portal(&place.app, Role::TenantAdmin).await;
    let seen = result(&place, &other, &reference).await;
    assert_eq!((&seen["claims"], &seen["preview"]), (&Value::Null, &Value::Null), "{seen}");
    assert!(!seen["steps"].as_array().expect("steps").is_empty());
}

#[tokio::test]
async fn a_tenants_administrator_tests_what_the_tenant_may_use() {
    let place = Place::new().await;
    let app = &place.app;
    let other = app.database.insert_tenant("other", None).await;
    let theirs = NewProvider { owner: Some(other), ..new_provider(app, &place.openid, "Theirs") };
    let theirs = app.create_new(theirs).await.expect("a provider");
    let unlinked = app.create_new(new_provider(app, &place.openid, "Unlinked")).await.expect("a provider");
    let (visitor, _) = portal(app, Role::TenantAdmin).await;
    let mine = app.default_tenant().await;
    let claims = r#"{"sub": "ada", "email": "ada@corp.example"}"#;
    for (provider, tenant, status) in [
        // A provider of the platform that serves her tenant, there alone.
        (place.provider.id, None, 200),
        (place.provider.id, Some(mine), 200),
        (place.provider.id, Some(other), 404),
        (theirs.id, None, 404),
        (theirs.id, Some(mine), 404),
        (theirs.id, Some(other), 404),
        (unlinked.id, None, 404),
        (vestibule::domain::id::ProviderId(uuid::Uuid::from_u128(7)), None, 404),
    ] {
        let arguments = json!({"provider": provider, "tenant": tenant});
        let answer = app.call(&visitor, "sign-ins/begin-test", arguments.clone()).await;
        assert_eq!(answer.status, status, "{provider} {tenant:?}: {}", answer.text());
        let arguments = json!({"provider": provider, "tenant": tenant, "claims": claims});
        let answer = app.call(&visitor, "sign-ins/preview", arguments).await;
        assert_eq!(answer.status, status, "{provider} {tenant:?}: {}", answer.text());
    }
    link(app, other, &place.provider).await;
    let arguments = json!({"provider": place.provider.id, "tenant": other});
    app.call(&visitor, "sign-ins/begin-test", arguments).await.expect(404);
}

#[tokio::test]
async fn an_api_token_begins_a_test_for_a_browser_without_the_portal() {
    let place = Place::new().await;
    let grant = Grant::platform(Role::PlatformAdmin);
    let token = |name: &str| NewApiToken { name: name.to_owned(), grant: grant.clone(), lifetime_seconds: None };
    let (_, mine) = place.app.new_token(token("mine")).await;
    let (_, other) = place.app.new_token(token("other")).await;
    let path = format!("test/{}?tenant_id=default", place.provider.id);
    let test = post(&place.app, &mine, &path).await.expect(200)["data"].clone();
    let answer = go(&place, &mut Browser::default(), &path_of(&text(&test["url"]))).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = read(&place.app, &mine, &text(&test["reference"])).await.expect(200)["data"].clone();
    assert_eq!(seen["result"]["outcome"]["kind"], "create", "{seen}");
    let seen = read(&place.app, &other, &text(&test["reference"])).await.expect(200)["data"].clone();
    assert_eq!(
        (&seen["result"], &seen["claims"], &seen["user_id"]),
        (&Value::Null, &Value::Null, &Value::Null),
        "{seen}"
    );
}

#[tokio::test]
async fn a_provider_without_sign_in_cannot_be_tested() {
    let app = TestApp::start_with(|builder| builder.dialects([Dialect::ScaiKey])).await;
    let saml = app.create_new(crate::support::app::saml_provider("Saml")).await.expect("a provider");
    let (visitor, _) = portal(&app, Role::PlatformAdmin).await;
    app.call(&visitor, "sign-ins/begin-test", json!({"provider": saml.id, "tenant": null})).await.expect(422);
}
