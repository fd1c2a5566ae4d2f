//! Providers that misbehave in more ways than the OpenID Foundation's conformance suite does ([`super::conformance`]).

use axum::{http::StatusCode, response::IntoResponse};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::browser::{Browser, Place};
use crate::support::issuer::{Key, NOW};

/// A token whose header and claims are exactly these texts.
pub(super) fn signed(key: &Key, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key.key, key.algorithm).expect("a signature");
    format!("{message}.{signature}")
}

/// Nobody is signed in, and no user is left behind; the page shows nothing technical.
pub(super) async fn refused(place: &Place, reason: &str) {
    let mut browser = Browser::default();
    let answer = browser.sign_in(place, "").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(browser.session().is_none() && place.users().await.is_empty());
    let page = answer.text();
    assert!(page.contains("reference") && !page.contains("token") && !page.contains("127.0.0.1"), "{page}");
    place.check_reason(reason);
}

/// Refused with each of the changes of claims, and accepted without.
async fn refused_claims<'a>(changes: impl IntoIterator<Item = (Value, &'a str)>) {
    let place = Place::new().await;
    for (change, reason) in changes {
        let members = change.as_object().expect("an object").clone();
        place.openid.claims(move |claims| {
            for (name, value) in &members {
                claims[name] = value.clone();
            }
        });
        refused(&place, reason).await;
    }
    place.openid.reset();
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
}

#[tokio::test]
async fn an_issuer_is_compared_exactly() {
    refused_claims([
        (json!({"iss": "https://other.example"}), "the issuer of the ID token is"),
        (json!({"iss": null}), "the issuer of the ID token is"),
        (json!({"iss": ""}), "the issuer of the ID token is"),
        (json!({"iss": ["http://127.0.0.1"]}), "the issuer of the ID token is"),
    ])
    .await;
    let place = Place::new().await;
    let slash = format!("{}/", place.openid.issuer());
    place.openid.claims(move |claims| claims["iss"] = json!(slash));
    refused(&place, "is expected").await;
}

#[tokio::test]
async fn a_sub_that_identifies_no_person_is_refused() {
    refused_claims([
        (json!({"sub": null}), "has no sub"),
        (json!({"sub": ""}), "has no sub"),
        (json!({"sub": {}}), "has no sub"),
        (json!({"sub": "x".repeat(300)}), "longer than 255"),
    ])
    .await;
}

#[tokio::test]
async fn tokens_for_other_clients_are_refused() {
    refused_claims([
        (json!({"aud": "other"}), "for another client"),
        (json!({"aud": null}), "for another client"),
        (json!({"aud": []}), "for another client"),
        (json!({"aud": "client2"}), "for another client"),
        (json!({"aud": ["client", "other"]}), "azp is not the client ID"),
        (json!({"aud": ["client", "other"], "azp": "other"}), "azp is not the client ID"),
        (json!({"azp": "other"}), "azp is not the client ID"),
    ])
    .await;
    let place = Place::new().await;
    place.openid.claims(|claims| {
        claims["aud"] = json!(["other", "client"]);
        claims["azp"] = json!("client");
    });
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
}

#[tokio::test]
async fn times_that_are_missing_or_do_not_hold_are_refused() {
    refused_claims([
        (json!({"iat": null}), "has no iat"),
        (json!({"iat": NOW + 120}), "iat of the ID token is 120 seconds ahead"),
        (json!({"iat": "now"}), "iat of the ID token is not a time"),
        (json!({"exp": null}), "has no exp"),
        (json!({"exp": NOW - 61}), "expired 61 seconds ago"),
        (json!({"exp": -1}), "exp of the ID token is not a time"),
        (json!({"exp": 1e300}), "exp of the ID token is not a time"),
        (json!({"nbf": NOW + 120}), "nbf of the ID token is 120 seconds ahead"),
    ])
    .await;
    let place = Place::new().await;
    place.openid.claims(|claims| {
        claims["exp"] = json!(NOW - 30);
        claims["iat"] = json!(NOW + 30);
    });
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303, "clocks may differ by a minute");
}

#[tokio::test]
async fn a_nonce_of_another_request_is_refused() {
    refused_claims([
        (json!({"nonce": "another"}), "the nonce"),
        (json!({"nonce": null}), "the nonce"),
        (json!({"nonce": ""}), "the nonce"),
    ])
    .await;
}

#[tokio::test]
async fn at_hash_of_another_access_token() {
    refused_claims([(json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}), "at_hash"), (json!({"at_hash": 1}), "at_hash")])
        .await;
}

#[tokio::test]
async fn algorithms_without_a_key_pair_are_refused() {
    let place = Place::new().await;
    let unsigned = |alg: &'static str| {
        move |token: String| {
            let payload = token.split('.').nth(1).expect("a payload").to_owned();
            format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","kid":"k1"}}"#)))
        }
    };
    for (alg, reason) in [
        ("none", "is signed with none"),
        ("None", "is signed with None"),
        ("nOnE", "is signed with nOnE"),
        ("", "is signed with ,"),
        ("ES512", "is signed with ES512"),
        ("RS256", "signature"),
    ] {
        place.openid.token(unsigned(alg));
        refused(&place, reason).await;
    }
    // The public key as the secret of HMAC.
    let public = place.openid.key().public.clone();
    place.openid.token(move |token| {
        let payload = token.split('.').nth(1).expect("a payload");
        let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"k1"}"#));
        let key = EncodingKey::from_secret(&public);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("a signature");
        format!("{message}.{signature}")
    });
    refused(&place, "is signed with HS256").await;
}

#[tokio::test]
async fn signatures_that_do_not_fit_are_refused() {
    let place = Place::new().await;
    place.openid.token(|token| {
        let (message, signature) = token.rsplit_once('.').expect("a signature");
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        bytes[0] ^= 1;
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
    });
    refused(&place, "signature of the ID token is not valid").await;
    // Another key under the same id.
    let other = Key::new("k1", Algorithm::RS256);
    place.openid.token(move |token| {
        let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
        signed(&other, r#"{"alg":"RS256","kid":"k1"}"#, std::str::from_utf8(&payload).expect("text"))
    });
    refused(&place, "signature of the ID token is not valid").await;
}

#[tokio::test]
async fn headers_choose_nothing() {
    let place = Place::new().await;
    let attacker = Key::new("k1", Algorithm::RS256);
    let jwk = attacker.jwk();
    let with = |header: Value| {
        let attacker = attacker.clone();
        move |token: String| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            signed(&attacker, &header.to_string(), std::str::from_utf8(&payload).expect("text"))
        }
    };
    let (wrong, unknown) = ("signature of the ID token is not valid", "a key that the provider does not publish");
    for (header, reason) in [
        (json!({"alg": "RS256", "jwk": jwk}), wrong),
        (json!({"alg": "RS256", "kid": "k1", "jwk": jwk}), wrong),
        (json!({"alg": "RS256", "jku": "https://evil.example/keys"}), wrong),
        (json!({"alg": "RS256", "x5u": "https://evil.example/certificate"}), wrong),
        (json!({"alg": "RS256", "kid": "../../k1"}), unknown),
        (json!({"alg": "RS256", "kid": "k1' OR '1'='1"}), unknown),
        (json!({"alg": "RS256", "kid": "k1", "crit": ["exp"]}), "needs extensions (crit)"),
    ] {
        place.openid.token(with(header));
        refused(&place, reason).await;
    }
    // An extension that must be understood, on a token that is right otherwise.
    place.openid.token({
        let key = place.openid.key().clone();
        move |token| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            let header = r#"{"alg":"RS256","kid":"k1","crit":["b64"],"b64":false}"#;
            signed(&key, header, std::str::from_utf8(&payload).expect("text"))
        }
    });
    refused(&place, "needs extensions (crit)").await;
}

#[tokio::test]
async fn members_of_one_name_and_payloads_that_are_no_objects() {
    let place = Place::new().await;
    let key = place.openid.key().clone();
    let texts: [fn(&str) -> String; 3] =
        [|claims| claims.replacen('{', "{\"sub\":\"eve\",", 1), |_| "[]".to_owned(), |_| "not JSON".to_owned()];
    for text in texts {
        let key = key.clone();
        place.openid.token(move |token| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            signed(&key, r#"{"alg":"RS256","kid":"k1"}"#, &text(std::str::from_utf8(&payload).expect("text")))
        });
        refused(&place, "is not a signed JSON Web Token").await;
    }
}

#[tokio::test]
async fn members_of_one_name_in_the_header_are_refused_and_unknown_ones_ignored() {
    let place = Place::new().await;
    let with = |header: &'static str| {
        let key = place.openid.key().clone();
        move |token: String| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            signed(&key, header, std::str::from_utf8(&payload).expect("text"))
        }
    };
    for header in [
        r#"{"alg":"none","alg":"RS256","kid":"k1"}"#,
        r#"{"alg":"RS256","kid":"k2","kid":"k1"}"#,
        r#"{"alg":"RS256","kid":1}"#,
        r#"{"alg":["RS256"],"kid":"k1"}"#,
        r#"{"kid":"k1"}"#,
    ] {
        place.openid.token(with(header));
        refused(&place, "is not a signed JSON Web Token").await;
    }
    place.openid.token(with(r#"{"alg":"RS256","kid":"k1","zip":"DEF"}"#));
    refused(&place, "is encrypted").await;
    place.openid.token(with(r#"{"alg":"RS256","kid":"k1","jwk":"a text","typ":7,"x5c":{}}"#));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
}

#[tokio::test]
async fn what_is_logged_names_no_person() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let begun = browser.begin(&place, "").await;
    let error = [
        ("error".to_owned(), "access_denied".to_owned()),
        ("error_description".to_owned(), "user ada@corp.example is locked".to_owned()),
        begun[1].clone(),
    ];
    browser.finish(&place, &error).await;
    let logged = place.logged();
    assert!(logged.contains("the provider answered access_denied") && !logged.contains("ada@"), "{logged}");
    place.openid.answer(|| {
        let body = json!({"error": "invalid_grant", "error_description": "user ada@corp.example is locked"});
        (StatusCode::BAD_REQUEST, axum::Json(body)).into_response()
    });
    browser.sign_in(&place, "").await;
    let logged = place.logged();
    assert!(logged.contains("refused with invalid_grant") && !logged.contains("ada@"), "{logged}");
    place.openid.reset();
    place.openid.claims(|claims| claims["iss"] = json!(format!("https://{}", "\n".repeat(10_000))));
    browser.sign_in(&place, "").await;
    let logged = place.logged();
    assert!(logged.len() < 2000 && logged.lines().count() == 1, "{logged}");
}

#[tokio::test]
async fn a_callback_of_another_issuer_is_a_mix_up() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    for (issuer, status) in
        [("https://evil.example".to_owned(), 403), (String::new(), 403), (place.openid.issuer(), 303)]
    {
        let mut callback = browser.begin(&place, "").await;
        callback.push(("iss".to_owned(), issuer));
        assert_eq!(browser.finish(&place, &callback).await.status, status);
        if status == 403 {
            place.check_reason("the callback comes from the issuer");
        }
    }
}

#[tokio::test]
async fn an_error_of_the_provider_and_a_code_of_another_sign_in() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let state = callback[1].clone();
    let error = [
        ("error".to_owned(), "access_denied".to_owned()),
        ("error_description".to_owned(), "<b>no</b>".to_owned()),
        state,
    ];
    let answer = browser.finish(&place, &error).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.text().contains("<b>no"), "{}", answer.text());
    place.check_reason("the provider answered access_denied");
    // A stolen code: it belongs to another start, so its verifier and nonce are other ones.
    let stolen = Browser::default().begin(&place, "").await[0].clone();
    let own = browser.begin(&place, "").await;
    let answer = browser.finish(&place, &[stolen, own[1].clone()]).await;
    assert_eq!(answer.status, 403);
    place.check_reason("refused with invalid_grant");
    assert!(place.users().await.is_empty());
}
