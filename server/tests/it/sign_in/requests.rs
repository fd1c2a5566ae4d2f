//! What the settings of an OpenID provider change about requests: to the authorization, token and userinfo endpoints.

use std::collections::HashMap;

use axum::{
    http::{HeaderMap, header},
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use vestibule::{
    Secret,
    domain::{
        patch::Patch,
        provider::{
            ClientAuthentication, ConfigInput, NewProvider, OidcInput, OidcPrompt, OidcSignIn, ResponseMode,
            UserInfoUse,
        },
    },
};

use super::{
    browser::{Browser, Place},
    hostile::refused,
    provider::SECRET,
};
use crate::support::issuer::NOW;

/// A provider with some settings changed.
pub(super) async fn place_with(change: impl FnOnce(&mut OidcInput)) -> Place {
    Place::with(|mut new| {
        if let ConfigInput::Oidc(oidc) = &mut new.config {
            change(oidc);
        }
        new
    })
    .await
}

/// The parameters of the authentication request.
async fn request_of(place: &Place, query: &str) -> HashMap<String, String> {
    let answer = Browser::default().get(&place.app, &format!("/login?{query}")).await;
    let location = Url::parse(answer.header("location").expect("an address")).expect("an address");
    location.query_pairs().into_owned().collect()
}

async fn accepted(place: &Place) {
    let answer = Browser::default().sign_in(place, "").await;
    assert_eq!(answer.status, 303, "{}", place.logged());
}

fn is_basic(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

#[tokio::test]
async fn the_client_authenticates_as_it_is_set() {
    let with = |method| {
        place_with(move |oidc| {
            oidc.sign_in = OidcSignIn { token_endpoint_auth_method: method, ..OidcSignIn::default() };
        })
    };
    let place = with(ClientAuthentication::ClientSecretPost).await;
    place.openid.credentials(|headers, form| {
        !is_basic(headers) && form["client_id"] == "client" && form["client_secret"] == SECRET
    });
    accepted(&place).await;
    let place = with(ClientAuthentication::None).await;
    place.openid.credentials(|headers, form| {
        !is_basic(headers) && form["client_id"] == "client" && !form.contains_key("client_secret")
    });
    accepted(&place).await;
    // The usual provider expects the header.
    let place = with(ClientAuthentication::ClientSecretPost).await;
    refused(&place, "refused with invalid_client").await;
    let place = with(ClientAuthentication::ClientSecretBasic).await;
    accepted(&place).await;
}

#[tokio::test]
async fn basic_credentials_are_form_encoded() {
    for (id, secret) in [
        ("a:b", "c:d"),
        ("100%", "%3A%25"),
        ("a+b c", "+ +"),
        ("ünï✓", "Ä李"),
        ("https://app.example/?a=b&c", "\"'<>\\&=#"),
    ] {
        let place = place_with(|oidc| {
            oidc.client_id = id.to_owned();
            oidc.client_secret = Patch::Set(Secret::new(secret));
        })
        .await;
        place.openid.claims(move |claims| claims["aud"] = json!(id));
        place.openid.credentials(move |headers, _| {
            let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let decoded = STANDARD.decode(given.strip_prefix("Basic ").unwrap_or_default()).expect("base64");
            let pair = String::from_utf8(decoded).expect("ASCII");
            assert!(pair.is_ascii() && pair.matches(':').count() == 1, "{pair}");
            let decoded = pair.split(':').map(|part| {
                let form = format!("x={part}");
                form_urlencoded::parse(form.as_bytes()).next().expect("a pair").1.into_owned()
            });
            decoded.eq([id, secret].map(str::to_owned))
        });
        accepted(&place).await;
    }
}

#[tokio::test]
async fn a_provider_is_asked_to_post_its_response_where_that_is_set() {
    let place = Place::new().await;
    assert_eq!(request_of(&place, "").await.get("response_mode"), None);
    let place = place_with(|oidc| oidc.sign_in.response_mode = ResponseMode::FormPost).await;
    assert_eq!(request_of(&place, "").await["response_mode"], "form_post");
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let page = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let answer = browser.post(&place.app, &format!("{}?again", place.callback()), &callback).await;
    assert_eq!(answer.status, 303, "{}", place.logged());
}

#[tokio::test]
async fn prompt_max_age_and_acr_values_are_requested() {
    let place = Place::new().await;
    let usual = request_of(&place, "").await;
    for name in ["prompt", "max_age", "acr_values"] {
        assert_eq!(usual.get(name), None, "{name}");
    }
    let place = place_with(|oidc| {
        oidc.sign_in = OidcSignIn {
            prompt: vec![OidcPrompt::Login, OidcPrompt::Consent],
            max_age: Some(0),
            acr_values: vec!["urn:mfa".to_owned(), "urn:password".to_owned()],
            ..OidcSignIn::default()
        };
    })
    .await;
    let asked = request_of(&place, "").await;
    assert_eq!(asked["prompt"], "login consent");
    assert_eq!((asked["max_age"].as_str(), asked["acr_values"].as_str()), ("0", "urn:mfa urn:password"));
    let asked = request_of(&place, "prompt=select_account&max_age=99999&acr_values=x").await;
    assert_eq!(asked["prompt"], "select_account", "what the application asks for");
    assert_eq!((asked["max_age"].as_str(), asked["acr_values"].as_str()), ("0", "urn:mfa urn:password"));
}

#[tokio::test]
async fn pkce_can_be_switched_off() {
    let place = Place::with(NewProvider::without_pkce).await;
    let asked = request_of(&place, "").await;
    assert!(!asked.contains_key("code_challenge") && !asked.contains_key("code_challenge_method"), "{asked:?}");
    place.openid.credentials(|headers, form| is_basic(headers) && !form.contains_key("code_verifier"));
    accepted(&place).await;
    let place = Place::new().await;
    place.openid.credentials(|headers, form| is_basic(headers) && form.contains_key("code_verifier"));
    accepted(&place).await;
}

#[tokio::test]
async fn the_userinfo_endpoint_is_requested_always_or_never() {
    let with = |userinfo| place_with(move |oidc| oidc.sign_in.userinfo = userinfo);
    let place = with(UserInfoUse::Always).await;
    accepted(&place).await;
    assert_eq!(place.openid.user_info_requests(), 1, "although nothing is missing in the ID token");
    place.openid.user_info(json!({"sub": "eve"}));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("is about another person");
    let place = with(UserInfoUse::Never).await;
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place.openid.user_info(json!({"sub": "ada", "email": "ada@corp.example"}));
    accepted(&place).await;
    assert_eq!(place.openid.user_info_requests(), 0, "although the address is missing in the ID token");
    assert_eq!(place.users().await[0].profile.email, None);
}

#[tokio::test]
async fn a_provider_that_gives_no_access_token_is_refused_where_userinfo_is_required() {
    let place = place_with(|oidc| oidc.sign_in.userinfo = UserInfoUse::Always).await;
    let key = place.openid.key().clone();
    let issuer = place.openid.issuer();
    let mut browser = Browser::default();
    let location = browser.get(&place.app, "/login").await.header("location").expect("an address").to_owned();
    let address = Url::parse(&location).expect("an address");
    let nonce = address.query_pairs().find(|(name, _)| name == "nonce").expect("a nonce").1.into_owned();
    place.openid.answer(move || {
        let claims = json!({
            "iss": issuer, "sub": "ada", "aud": "client", "iat": NOW, "exp": NOW + 300, "nonce": nonce,
        });
        axum::Json(json!({"id_token": key.sign(&claims)})).into_response()
    });
    let callback = place.openid.authenticate(&location);
    assert_eq!(browser.finish(&place, &callback).await.status, 403);
    place.check_reason("has no access token");
}
