//! What would happen with pasted claims.

use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use super::browser::{Browser, Place};
use crate::support::Visitor;

async fn preview(place: &Place, visitor: &Visitor, claims: &Value) -> Value {
    let arguments = json!({"provider": place.provider.id, "tenant": null, "claims": claims.to_string()});
    place.app.call(visitor, "sign-ins/preview", arguments).await.expect(200)
}

#[tokio::test]
async fn pasted_claims_are_decided_as_a_sign_in_is() {
    let place = Place::new().await;
    let reader = place.app.signed_in(Role::PlatformReader).await;
    let issuer = place.openid.issuer();
    let new = json!({"iss": issuer, "sub": "eve", "email": "eve@corp.example"});
    let created = preview(&place, &reader, &new).await;
    assert_eq!(created["outcome"]["kind"], "create", "{created}");
    assert_eq!(created["warnings"], json!([]), "{created}");
    assert!(place.users().await.is_empty(), "a preview changes nothing");
    Browser::default().sign_in(&place, "").await;
    let ada = place.users().await[0].clone();
    let known = preview(&place, &reader, &json!({"iss": issuer, "sub": "ada", "email": "ada@new.example"})).await;
    assert_eq!((&known["outcome"]["kind"], &known["outcome"]["user"]), (&json!("existing"), &json!(ada.id)), "{known}");
    assert_eq!(known["outcome"]["changes"][0]["to"], "ada@new.example", "{known}");
    let taken = preview(&place, &reader, &json!({"sub": "eve", "email": "ADA@corp.example"})).await;
    assert_eq!(taken["outcome"]["refusal"]["code"], "email_taken", "{taken}");
    assert!(taken["outcome"]["message"].is_string() && taken["outcome"]["advice"].is_string());
    assert_eq!(place.users().await, [ada]);
}

#[tokio::test]
async fn what_a_token_would_need_is_a_warning() {
    let place = Place::new().await;
    let reader = place.app.signed_in(Role::PlatformReader).await;
    let shown = preview(&place, &reader, &json!({"iss": "https://other.example", "email": "eve@corp.example"})).await;
    assert_eq!(shown["warnings"], json!(["other_issuer", "no_subject"]), "{shown}");
    for sub in [json!("a\u{0}b"), json!(""), json!("x".repeat(300)), json!(true), json!("line\nbreak")] {
        let shown = preview(&place, &reader, &json!({"sub": sub, "email": "eve@corp.example"})).await;
        assert_eq!(shown["warnings"], json!(["no_subject"]), "{sub} {shown}");
    }
}

#[tokio::test]
async fn claims_that_cannot_be_read_are_named() {
    let place = Place::new().await;
    let visitor = place.app.signed_in(Role::PlatformAdmin).await;
    for claims in ["", "[]", "{", r#"{"sub": "a", "sub": "b"}"#, &format!(r#"{{"a": "{}"}}"#, "x".repeat(70_000))] {
        let arguments = json!({"provider": place.provider.id, "tenant": null, "claims": claims});
        let answer = place.app.call(&visitor, "sign-ins/preview", arguments).await.expect(422);
        assert_eq!(answer["service"]["invalid"]["problems"][0]["field"], "claims", "{answer}");
    }
}
