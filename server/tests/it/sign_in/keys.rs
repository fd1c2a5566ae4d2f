//! The keys with which a provider signs: named or not, new, too many, and out of reach.

use axum::response::IntoResponse as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::{
    browser::{Browser, Place},
    hostile::{refused, signed},
    provider::KEYS,
};
use crate::support::issuer::{Key, NOW};

#[tokio::test]
async fn a_token_without_a_key_id_means_the_only_key_that_fits() {
    let place = Place::new().await;
    place.openid.header(|header| header.kid = None);
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303, "one key fits");
    let place = Place::new().await;
    let second = Key::new("k2", Algorithm::RS256).jwk();
    place.openid.set_keys(vec![place.openid.key().jwk(), second]);
    place.openid.header(|header| header.kid = None);
    refused(&place, "names no key (kid)").await;
}

#[tokio::test]
async fn new_keys_are_read_at_most_once_a_minute() {
    let place = Place::new().await;
    let new = Key::new("k2", Algorithm::RS256);
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    assert_eq!(place.openid.key_requests(), 2, "one when the provider was created, one for all sign-ins");
    // The keys are asked for again for an unknown one, at most once in a while.
    place.openid.token({
        let new = new.clone();
        move |token| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            signed(&new, r#"{"alg":"RS256","kid":"k2"}"#, std::str::from_utf8(&payload).expect("text"))
        }
    });
    place.openid.claims(|claims| {
        claims["iat"] = json!(NOW + 60);
        claims["exp"] = json!(NOW + 600);
    });
    place.app.clock.advance(61);
    for _ in 0..2 {
        assert_eq!(browser.sign_in(&place, "").await.status, 403);
        place.check_reason("a key that the provider does not publish");
    }
    assert_eq!(place.openid.key_requests(), 3);
    place.openid.set_keys(vec![new.jwk()]);
    place.app.clock.advance(61);
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
}

#[tokio::test]
async fn keys_after_the_first_hundred_are_ignored() {
    let place = Place::new().await;
    let mut keys: Vec<_> =
        (0..1000).map(|number| json!({"kty": "RSA", "kid": number.to_string(), "n": "AQAB", "e": "AQAB"})).collect();
    keys.push(place.openid.key().jwk());
    place.openid.set_keys(keys);
    refused(&place, "a key that the provider does not publish").await;
}

#[tokio::test]
async fn ten_thousand_keys_are_too_long_to_be_read() {
    let place = Place::new().await;
    let mut keys = vec![place.openid.key().jwk()];
    keys.extend((0..10_000).map(|number| json!({"kty": "RSA", "kid": number.to_string(), "n": "AQAB", "e": "AQAB"})));
    assert!(Value::from(keys.clone()).to_string().len() > 256 * 1024);
    place.openid.set_keys(keys);
    refused(&place, "the provider's keys cannot be read").await;
}

#[tokio::test]
async fn answers_without_a_usable_key_replace_no_known_keys() {
    for set in [
        json!({"error": "temporarily_unavailable"}),
        json!({"keys": []}),
        json!({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}),
        json!([]),
    ] {
        let place = Place::new().await;
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
        let answer = set.clone();
        place.openid.answer_at(KEYS, move || axum::Json(answer.clone()).into_response());
        place.openid.claims(|claims| {
            claims["iat"] = json!(NOW + 1000);
            claims["exp"] = json!(NOW + 1300);
        });
        place.app.clock.advance(1000);
        let asked = place.openid.key_requests();
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 303, "{set}");
        assert_eq!(place.openid.key_requests(), asked + 1);
    }
}

#[tokio::test]
async fn known_keys_are_used_for_an_hour_while_the_provider_does_not_answer() {
    let place = Place::new().await;
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    place.openid.refuse_keys();
    let at = |seconds: i64| {
        move |claims: &mut Value| {
            claims["iat"] = json!(NOW + seconds);
            claims["exp"] = json!(NOW + seconds + 300);
        }
    };
    place.openid.claims(at(3000));
    place.app.clock.advance(3000);
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    place.openid.claims(at(3600));
    place.app.clock.advance(600);
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    assert!(place.logged().contains("the provider's keys cannot be read"));
}
