//! A search for planted secrets in everything that comes out: files, logs, answers, the audit log, debug output.

use std::sync::Arc;

use serde_json::json;
use vestibule::{
    Secret,
    domain::{
        actor::{Actor, Role},
        patch::Patch,
        provider::{ConfigInput, IdentityProvider, OidcPatch, ProviderPatch},
    },
    service::ProviderRef,
};

use crate::support::{ALL, TestApp, TestClock, TestDatabase, Visitor, log::Log};

const CLIENT_SECRET: &str = "planted-client-secret-5af1";
const NEW_SECRET: &str = "planted-client-secret-9be2";
const WRONG_SECRET: &str = "planted-refused-secret-77c3";
const PASSWORD: &str = "planted-password-1d04";
const WRONG_PASSWORD: &str = "planted-wrong-password-e6a5";
const NEW_PASSWORD: &str = "planted-new-password-30b6";

const PLANTED: [&str; 6] = [CLIENT_SECRET, NEW_SECRET, WRONG_SECRET, PASSWORD, WRONG_PASSWORD, NEW_PASSWORD];

/// Checks that `text`, which came from `place`, holds no planted secret.
#[track_caller]
fn search(place: &str, bytes: &[u8], secrets: &[&str]) {
    for secret in secrets {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in {place}");
    }
}

fn oidc_patch(secret: &str) -> ProviderPatch {
    let oidc = OidcPatch { client_secret: Patch::Set(Secret::new(secret)), ..OidcPatch::default() };
    ProviderPatch { oidc: Some(oidc), ..ProviderPatch::default() }
}

#[tokio::test(flavor = "current_thread")]
async fn no_planted_secret_comes_out_anywhere() {
    let (log, guard) = Log::collect(tracing::Level::TRACE);
    // The file is what is searched, so this is about SQLite in every run.
    let app = TestApp::over(Arc::new(TestDatabase::sqlite()), TestClock::default(), |builder| builder).await;

    // The first administrator, wrong and right passwords, and a changed one.
    let link = app.vestibule.set_up_link().await.expect("a link").expect("a link");
    let link_secret = link.expose().rsplit_once('#').expect("a secret").1.to_owned();
    let browser = Visitor::default();
    let arguments = json!({"link_secret": link_secret, "email": "ada@example.com", "password": PASSWORD});
    let admin = browser.after(&app.call(&browser, "set-up/complete", arguments).await);
    let wrong = json!({"email": "ada@example.com", "password": WRONG_PASSWORD});
    app.call(&browser, "session/sign-in", wrong).await.expect(422);
    // A password typed into the wrong field.
    let swapped = json!({"email": WRONG_PASSWORD, "password": "ada@example.com"});
    app.call(&browser, "session/sign-in", swapped).await.expect(422);
    let change = json!({"current": PASSWORD, "new": NEW_PASSWORD});
    let admin = admin.after(&app.call(&admin, "session/change-password", change).await);

    // A provider, made, changed and refused.
    let mut new = app.new_provider("Okta");
    if let ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.client_secret = Patch::Set(Secret::new(CLIENT_SECRET));
    }
    search("debug output of a command", format!("{new:?}").as_bytes(), &PLANTED);
    let provider = app.create_new(new.clone()).await.expect("a provider");
    search(
        "debug output of a provider",
        format!(
            "{provider:?} {:?}",
            app.services.providers.get(&Actor::operator(), &ProviderRef::Id(provider.id)).await
        )
        .as_bytes(),
        &PLANTED,
    );
    app.update(&provider, oidc_patch(NEW_SECRET)).await.expect("a change");
    app.create_new(new).await.expect_err("the name is taken");
    app.update(&provider, oidc_patch(&format!("{WRONG_SECRET}{}", "x".repeat(3000)))).await.expect_err("too long");
    let mut unreachable = app.new_provider("Nowhere");
    if let ConfigInput::Oidc(oidc) = &mut unreachable.config {
        oidc.discovery_url = app.openid.discovery_url_of("nothing");
        oidc.client_secret = Patch::Set(Secret::new(WRONG_SECRET));
    }
    app.create_new(unreachable).await.expect_err("nothing is there");
    // Malformed requests of the portal and of the dialect.
    let malformed =
        json!({"id": provider.id, "version": "x", "change": {"connection": {"oidc": {"client_secret": WRONG_SECRET}}}});
    app.call(&admin, "providers/update", malformed).await.expect(400);
    let staff = app.token(Role::PlatformAdmin).await;
    let request = axum::http::Request::builder()
        .method("PATCH")
        .uri(app.path("/api/identity-providers/okta/"))
        .header("authorization", format!("Token {staff}"))
        .header("content-type", "application/json")
        .body(format!(r#"{{"client_secret": ["{WRONG_SECRET}"]}}"#).into());
    app.send(request.expect("a request"), browser.peer).await.expect(400);
    app.get("/api/identity-providers/okta/", Some(&format!("Token {WRONG_SECRET}"))).await.expect(401);

    // What staff of the dialect see is the one exception, and it proves that the secret is there.
    let staff_sees = app.get("/api/identity-providers/", Some(&format!("Token {staff}"))).await;
    assert!(staff_sees.text().contains(NEW_SECRET));
    for (name, answer) in [
        ("the dialect's public list", app.get("/api/identity-providers/", None).await),
        ("the portal's detail", app.call(&admin, "providers/get", json!({"id": provider.id})).await),
        ("the portal's audit log", app.call(&admin, "audit/list", json!({"filter": {}, "page": ALL})).await),
        ("the portal's tokens", app.call(&admin, "tokens/list", json!({"page": ALL})).await),
        ("the portal's administrators", app.call(&admin, "administrators/list", json!({"page": ALL})).await),
        ("the metrics", app.get("/metrics", None).await),
    ] {
        answer.expect(if answer.status == 200 { 200 } else { 0 });
        search(name, &answer.body, &PLANTED);
        search(name, &answer.body, &[staff.as_str(), link_secret.as_str()]);
    }
    for table in ["vestibule_audit_events", "vestibule_settings"] {
        let column = if table.ends_with("events") { "changes || object_name || actor" } else { "value" };
        let texts = app.database.texts(&format!("SELECT {column} FROM {table}")).await.join("\n");
        search(table, texts.as_bytes(), &PLANTED);
    }

    let cookie = admin.cookie.clone().expect("a cookie");
    let cookie_value = cookie.split_once('=').expect("name and value").1;
    let own = [staff.as_str(), link_secret.as_str(), cookie_value];
    let folder = app.database.path().parent().expect("a folder").to_owned();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        files += usize::from(!bytes.is_empty());
        search(&path.display().to_string(), &bytes, &PLANTED);
        search(&path.display().to_string(), &bytes, &own);
    }
    assert!(files >= 2, "the database and its journal are searched");
    drop(guard);
    let logged = log.take();
    assert!(String::from_utf8_lossy(&logged).contains("answered"), "the log was captured");
    search("the log", &logged, &PLANTED);
    search("the log", &logged, &own);
}

#[tokio::test]
async fn deleting_a_provider_forgets_its_secret() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let sealed = async || app.database.texts("SELECT secrets FROM vestibule_identity_providers").await;
    assert!(sealed().await[0].starts_with("v1."));
    app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(provider.id)).await.expect("a deletion");
    assert_eq!(sealed().await, [""]);
}

#[tokio::test]
async fn a_secret_is_dated_when_its_value_changes() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let changed_at = |provider: &IdentityProvider| provider.oidc().and_then(|oidc| oidc.client_secret_changed_at);
    assert_eq!(changed_at(&provider), Some(provider.created_at));

    // Neither another change nor the same secret again is a change of the secret.
    app.clock.advance(60);
    let renamed = ProviderPatch { name: Some("Okta (Acme)".to_owned()), ..ProviderPatch::default() };
    let provider = app.update(&provider, renamed).await.expect("a change");
    let provider = app.update(&provider, oidc_patch("a client secret")).await.expect("the same secret");
    assert_eq!(changed_at(&provider), Some(provider.created_at));

    let provider = app.update(&provider, oidc_patch(NEW_SECRET)).await.expect("another secret");
    assert_eq!(changed_at(&provider), Some(provider.created_at.plus_seconds(60)));
    let detail = app.services.providers.get_detail(&Actor::operator(), provider.id).await.expect("the detail");
    assert_eq!(changed_at(&detail.provider), Some(provider.created_at.plus_seconds(60)));

    let provider = app.update(&provider, oidc_patch("")).await.expect("no secret any more");
    assert_eq!(changed_at(&provider), None);
}
