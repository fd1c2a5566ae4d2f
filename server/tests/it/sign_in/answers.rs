//! What the token endpoint and the userinfo endpoint answer.

use axum::{
    http::{StatusCode, header},
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use vestibule::domain::provider::{ConfigInput, NewProvider, OidcEndpoints, ProviderPatch};

use super::{
    browser::{Browser, Place},
    hostile::{refused, signed},
    provider::USER_INFO,
};
use crate::support::issuer::NOW;

#[tokio::test]
async fn empty_claims_of_the_id_token_hide_none_of_the_userinfo_response() {
    for empty in ["null", "\"\"", "[]"] {
        let place = Place::new().await;
        let key = place.openid.key().clone();
        place.openid.token(move |token| {
            let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("a payload")).expect("base64");
            let claims = std::str::from_utf8(&payload).expect("text");
            let claims = claims.replace("\"ada@corp.example\"", empty);
            signed(&key, r#"{"alg":"RS256","kid":"k1"}"#, &claims)
        });
        place.openid.user_info(json!({"sub": "ada", "email": "ada@corp.example"}));
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
        assert_eq!(place.users().await[0].profile.email.as_deref(), Some("ada@corp.example"), "{empty}");
    }
}

#[tokio::test]
async fn userinfo_of_another_person_or_of_no_person_is_refused() {
    // The address decides who may sign in.
    let place = Place::with(|new| NewProvider { allowed_domains: vec!["corp.example".to_owned()], ..new }).await;
    let without = |claims: &mut Value| claims["email"] = Value::Null;
    place.openid.claims(without);
    for text in [r#"{"sub": "eve", "sub": "ada"}"#, r#"{"sub": "ada", "email": "a@b.example", "email": "c@d.example"}"#]
    {
        place.openid.answer_at(USER_INFO, move || ([(header::CONTENT_TYPE, "application/json")], text).into_response());
        refused(&place, "twice").await;
    }
    place.openid.answer_at(USER_INFO, || ([(header::CONTENT_TYPE, "text/html")], "<h1>Hello</h1>").into_response());
    refused(&place, "cannot be read").await;
    place.openid.answer_at(USER_INFO, || StatusCode::FORBIDDEN.into_response());
    refused(&place, "the userinfo endpoint answered HTTP 403").await;
    place.openid.reset();
    place.openid.claims(without);
    for (other, reason) in [
        (json!({"sub": "eve", "email": "eve@corp.example"}), "is about another person"),
        (json!({"email": "x@corp.example"}), "is about another person"),
        (json!([]), "cannot be read"),
    ] {
        place.openid.user_info(other);
        refused(&place, reason).await;
    }
    place.openid.user_info(json!({"sub": "ada", "email": "ada@corp.example"}));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(place.users().await[0].profile.email.as_deref(), Some("ada@corp.example"));
    let asked = place.openid.user_info_requests();
    place.openid.reset();
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(place.openid.user_info_requests(), asked, "nothing is missing in the ID token");
}

#[tokio::test]
async fn people_sign_in_without_userinfo_where_nothing_that_decides_is_missing() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place.openid.answer_at(USER_INFO, || StatusCode::FORBIDDEN.into_response());
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert!(place.logged().contains("signs in without the claims of the userinfo endpoint"));
    place.openid.answer_at(USER_INFO, || ([(header::CONTENT_TYPE, "text/html")], "<h1>Hello</h1>").into_response());
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let [user] = &place.users().await[..] else { panic!("one user") };
    assert_eq!((user.profile.username.as_str(), user.profile.email.as_deref()), ("ada", None));
    // Claims of another person are no outage.
    place.openid.reset();
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place.openid.user_info(json!({"sub": "eve"}));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("is about another person");
    // The identity is missing.
    place.openid.reset();
    place.openid.answer_at(USER_INFO, || StatusCode::FORBIDDEN.into_response());
    let user_claim = ProviderPatch { user_claim: Some("employee_number".to_owned()), ..ProviderPatch::default() };
    place.app.update(&place.provider, user_claim).await.expect("a change");
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("the userinfo endpoint answered HTTP 403");
}

#[tokio::test]
async fn the_address_and_its_verification_are_of_one_source() {
    let place = Place::new().await;
    // The ID token speaks of an address that it does not have.
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place.openid.user_info(json!({"sub": "ada", "email": "eve@evil.example"}));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let [user] = &place.users().await[..] else { panic!("one user") };
    assert_eq!((user.profile.email.as_deref(), user.email_verified), (Some("eve@evil.example"), false));
}

#[tokio::test]
async fn a_signed_userinfo_response_is_checked_as_an_id_token() {
    let place = Place::new().await;
    place.openid.claims(|claims| claims["email"] = Value::Null);
    let key = place.openid.key().clone();
    let token = |issuer: &str, audience: &str| {
        let claims = json!({"iss": issuer, "aud": audience, "sub": "ada", "email": "ada@corp.example"});
        json!(signed(&key, r#"{"alg":"RS256","kid":"k1"}"#, &claims.to_string()))
    };
    let issuer = place.openid.issuer();
    for (bad, reason) in [
        (token("https://other.example", "client"), "the issuer of the ID token is"),
        (token(&issuer, "other"), "for another client"),
        (json!("a.b.c"), "is not a signed JSON Web Token"),
        (json!(""), "is not a signed JSON Web Token"),
    ] {
        place.openid.user_info(bad);
        refused(&place, reason).await;
    }
    for (claim, at, reason) in [("exp", NOW - 61, "expired 61 seconds ago"), ("nbf", NOW + 61, "61 seconds ahead")] {
        let mut claims = json!({"iss": issuer, "aud": "client", "sub": "ada", "email": "ada@corp.example"});
        claims[claim] = json!(at);
        place.openid.user_info(json!(signed(&key, r#"{"alg":"RS256","kid":"k1"}"#, &claims.to_string())));
        refused(&place, reason).await;
    }
    place.openid.user_info(token(&issuer, "client"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
}

#[tokio::test]
async fn endpoints_in_private_networks_are_not_asked() {
    let endpoint = |address: &str| Some(address.to_owned());
    for address in ["https://10.0.0.1/token", "https://169.254.169.254/latest", "https://[::1]/token"] {
        let overrides = OidcEndpoints { token: endpoint(address), ..OidcEndpoints::default() };
        let place = Place::with(|mut new| {
            if let ConfigInput::Oidc(oidc) = &mut new.config {
                oidc.overrides = overrides;
            }
            new
        })
        .await;
        refused(&place, "disallowed address").await;
        assert_eq!(place.openid.token_requests(), 0);
    }
}

#[tokio::test]
async fn the_token_endpoint_answers_something_else() {
    let place = Place::new().await;
    place.openid.answer(|| ([(header::CONTENT_TYPE, "text/html")], "<h1>Welcome</h1>").into_response());
    refused(&place, "without a token response (text/html)").await;
    let token = r#"{"access_token": "x", "token_type": "bearer", "id_token": "x", "id_token": "y"}"#;
    place.openid.answer(move || ([(header::CONTENT_TYPE, "application/json")], token).into_response());
    refused(&place, "two members of the name id_token").await;
    for text in ["", "null", "[]", "\"x\"", "{", "\u{feff}{}", "{\"a\":"] {
        place.openid.answer(move || ([(header::CONTENT_TYPE, "application/json")], text).into_response());
        refused(&place, "without a token response (application/json)").await;
    }
    place.openid.answer(|| (StatusCode::INTERNAL_SERVER_ERROR, "down").into_response());
    refused(&place, "answered HTTP 500").await;
    place.openid.answer(|| axum::Json(json!({"access_token": "x", "token_type": "bearer"})).into_response());
    refused(&place, "has no id_token").await;
    place
        .openid
        .answer(|| axum::Json(json!({"access_token": "x", "token_type": "mac", "id_token": "x"})).into_response());
    refused(&place, "a token type other than Bearer").await;
    place.openid.answer(|| vec![b' '; 1024 * 1024].into_response());
    refused(&place, "longer than").await;
    place.openid.answer(|| (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response());
    refused(&place, "answered HTTP 302").await;
    place.openid.answer(|| {
        (StatusCode::BAD_REQUEST, axum::Json(json!({"error": "invalid_client", "error_description": "<script>"})))
            .into_response()
    });
    refused(&place, "refused with invalid_client").await;
}
