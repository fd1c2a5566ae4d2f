//! Which ID tokens the settings of an OpenID provider accept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use vestibule::{
    Secret,
    domain::{
        patch::Patch,
        provider::{OidcPatch, OidcSignInPatch, ProviderPatch, SigningAlgorithm},
    },
};

use super::{
    browser::{Browser, Place},
    hostile::refused,
    provider::SigningProvider,
    requests::place_with,
};
use crate::support::issuer::NOW;

async fn accepted(place: &Place, query: &str) {
    let answer = Browser::default().sign_in(place, query).await;
    assert_eq!(answer.status, 303, "{}", place.logged());
}

/// Signs tokens with a secret.
fn with_secret(place: &Place, secret: &'static str, algorithm: Algorithm) {
    place.openid.token(move |token| {
        let payload = token.split('.').nth(1).expect("a payload");
        let header = json!({ "alg": format!("{algorithm:?}") }).to_string();
        let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header));
        let key = EncodingKey::from_secret(secret.as_bytes());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).expect("a signature");
        format!("{message}.{signature}")
    });
}

#[tokio::test]
async fn only_the_algorithms_of_the_list_are_accepted() {
    let with = |algorithms: &[SigningAlgorithm]| {
        let algorithms = algorithms.to_vec();
        place_with(move |oidc| oidc.sign_in.id_token_signing_algs = algorithms)
    };
    let place = with(&[SigningAlgorithm::Es256, SigningAlgorithm::EdDsa]).await;
    refused(&place, "is signed with RS256, which is not allowed").await;
    let place = with(&[SigningAlgorithm::Es256, SigningAlgorithm::Rs256]).await;
    accepted(&place, "").await;
}

#[tokio::test]
async fn a_token_signed_with_the_client_secret_is_accepted_where_that_is_set() {
    const LONG: &str = "a client secret of 64 bytes, as long as the hash of HS512 needs.";
    assert_eq!(LONG.len(), 64);
    let with = |secret: &'static str, algorithms: &'static [SigningAlgorithm]| {
        place_with(move |oidc| {
            oidc.client_secret = Patch::Set(Secret::new(secret));
            oidc.sign_in.id_token_signing_algs = algorithms.to_vec();
        })
    };
    use SigningAlgorithm::{Hs256, Hs384, Hs512, Rs256};
    for (algorithm, listed) in [
        (Algorithm::HS256, &[Hs256] as &'static [_]),
        (Algorithm::HS384, &[Rs256, Hs384]),
        (Algorithm::HS512, &[Hs512]),
    ] {
        let place = with(LONG, listed).await;
        place.openid.credentials(|_, _| true);
        with_secret(&place, LONG, algorithm);
        accepted(&place, "").await;
        assert_eq!(place.openid.key_requests(), 1, "when the provider was created");
    }
    let place = with(LONG, &[Hs256]).await;
    place.openid.credentials(|_, _| true);
    refused(&place, "is signed with RS256, which is not allowed").await;
    with_secret(&place, "another secret that is long enough for it", Algorithm::HS256);
    refused(&place, "signature of the ID token is not valid").await;
    with_secret(&place, LONG, Algorithm::HS512);
    refused(&place, "is signed with HS512, which is not allowed").await;
    let place = with("a short secret", &[Hs256]).await;
    place.openid.credentials(|_, _| true);
    with_secret(&place, "a short secret", Algorithm::HS256);
    refused(&place, "shorter than 32 bytes").await;
}

#[tokio::test]
async fn the_person_must_have_authenticated_lately_where_that_is_set() {
    let place = place_with(|oidc| oidc.sign_in.max_age = Some(3600)).await;
    let at = |auth_time: Value| place.openid.claims(move |claims| claims["auth_time"] = auth_time.clone());
    refused(&place, "has no auth_time").await;
    for (auth_time, reason) in [
        (json!(NOW - 3661), "authenticated 3661 seconds ago (auth_time), and max_age allows 3600"),
        (json!(NOW + 61), "auth_time of the ID token is 61 seconds ahead"),
        (json!("today"), "auth_time of the ID token is not a time"),
        (json!(0), "seconds ago (auth_time)"),
    ] {
        at(auth_time);
        refused(&place, reason).await;
    }
    for auth_time in [NOW, NOW - 3600, NOW - 3659, NOW + 59] {
        at(json!(auth_time));
        accepted(&place, "").await;
    }
    // Without the setting it is read and not checked.
    let place = Place::new().await;
    place.openid.claims(|claims| claims["auth_time"] = json!(NOW - 100_000));
    accepted(&place, "").await;
}

/// A provider whose issuer stands for many directory tenants, beside the usual one.
async fn directories() -> (Place, impl Fn(&str) -> String) {
    let openid = SigningProvider::start().await;
    let base = openid.issuer();
    let template = format!("{base}/{{tenantid}}/v2.0");
    openid.document(move |document| document["issuer"] = json!(template));
    let place = Place::new().await.at(openid, "Many").await;
    (place, move |directory: &str| format!("{base}/{directory}/v2.0"))
}

async fn allow(place: &Place, issuers: &[String]) {
    let sign_in = OidcSignInPatch { allowed_issuers: Patch::Set(issuers.to_vec()), ..OidcSignInPatch::default() };
    let oidc = OidcPatch { sign_in, ..OidcPatch::default() };
    let patch = ProviderPatch { oidc: Some(oidc), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
}

async fn refused_at_many(place: &Place, reason: &str) {
    assert_eq!(Browser::default().sign_in(place, "provider=many").await.status, 403);
    place.check_reason(reason);
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn a_template_accepts_the_allowed_directory_tenants_alone() {
    let (place, issuer) = directories().await;
    let from = |issuer: String, tid: Value| {
        place.openid.claims(move |claims| {
            claims["iss"] = json!(issuer);
            claims["tid"] = tid.clone();
        });
    };
    let not_allowed = "not one of the allowed issuers";
    from(issuer("ours"), json!("ours"));
    refused_at_many(&place, not_allowed).await;
    from(issuer("{tenantid}"), Value::Null);
    refused_at_many(&place, not_allowed).await;
    allow(&place, &[issuer("ours"), issuer("theirs"), "https://elsewhere.example/ours/v2.0".to_owned()]).await;
    for (other, tid) in [
        (issuer("{tenantid}"), "ours"),
        (issuer("evil"), "evil"),
        (issuer("evil"), "ours"),
        (issuer("OURS"), "ours"),
        (format!("{}/", issuer("ours")), "ours"),
        ("https://elsewhere.example/ours/v2.0".to_owned(), "ours"),
        (place.openid.issuer(), "ours"),
    ] {
        from(other, json!(tid));
        refused_at_many(&place, not_allowed).await;
    }
    from(issuer("ours"), json!("theirs"));
    refused_at_many(&place, "names another directory tenant").await;
    from(issuer("ours"), json!(["ours"]));
    refused_at_many(&place, "names another directory tenant").await;
    from(issuer("ours"), json!("ours"));
    accepted(&place, "provider=many").await;
    // The same sub in another directory tenant is another person.
    place.openid.claims({
        let theirs = issuer("theirs");
        move |claims| {
            claims["iss"] = json!(theirs);
            claims["email"] = json!("ada@theirs.example");
        }
    });
    assert_eq!(Browser::default().sign_in(&place, "provider=many").await.status, 403);
    place.check_reason("Another user of the tenant has this user name.");
}

#[tokio::test]
async fn a_key_of_one_directory_tenant_signs_no_tokens_of_another() {
    for (signer, is_accepted) in [("ours", true), ("{tenantid}", true), ("theirs", false)] {
        let (place, issuer) = directories().await;
        allow(&place, &[issuer("ours"), issuer("theirs")]).await;
        let mut key = place.openid.key().jwk();
        key["issuer"] = json!(issuer(signer));
        place.openid.set_keys(vec![key]);
        let ours = issuer("ours");
        place.openid.claims(move |claims| claims["iss"] = json!(ours));
        if is_accepted {
            accepted(&place, "provider=many").await;
        } else {
            refused_at_many(&place, "a key that the provider publishes for another issuer").await;
        }
    }
}

#[tokio::test]
async fn a_callback_names_the_issuer_of_its_token() {
    let (place, issuer) = directories().await;
    allow(&place, &[issuer("ours"), issuer("theirs")]).await;
    let ours = issuer("ours");
    place.openid.claims(move |claims| claims["iss"] = json!(ours));
    for (named, reason) in [
        (issuer("theirs"), "the issuer of the ID token is"),
        (issuer("evil"), "the callback comes from the issuer"),
        (issuer("{tenantid}"), "the callback comes from the issuer"),
    ] {
        let mut browser = Browser::default();
        let mut callback = browser.begin(&place, "provider=many").await;
        callback.push(("iss".to_owned(), named));
        assert_eq!(browser.finish(&place, &callback).await.status, 403);
        place.check_reason(reason);
    }
    let mut browser = Browser::default();
    let mut callback = browser.begin(&place, "provider=many").await;
    callback.push(("iss".to_owned(), issuer("ours")));
    assert_eq!(browser.finish(&place, &callback).await.status, 303, "{}", place.logged());
}

#[tokio::test]
async fn allowed_issuers_stand_in_place_of_the_providers_own() {
    let place = place_with(|oidc| oidc.sign_in.allowed_issuers = vec!["https://accounts.example".to_owned()]).await;
    refused(&place, "not one of the allowed issuers").await;
    place.openid.claims(|claims| claims["iss"] = json!("https://accounts.example"));
    accepted(&place, "").await;
}
