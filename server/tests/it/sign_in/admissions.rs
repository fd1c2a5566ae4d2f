//! Letting one person in where the provider creates no users.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Grant, Role},
    provider::ProviderPatch,
    token::NewApiToken,
};

use super::{
    browser::{Browser, Place},
    trace::{NO_CREATION, post, read, reference_of, trace},
};
use crate::support::Answer;

/// An instance whose provider creates no users.
async fn place() -> Place {
    let place = Place::new().await;
    let none = ProviderPatch { provisioning: Some(NO_CREATION), ..ProviderPatch::default() };
    place.app.update(&place.provider, none).await.expect("a change");
    place
}

async fn admit(place: &Place, token: &str, reference: &str) -> Answer {
    let path = format!("{reference}/admit");
    post(&place.app, token, &path).await
}

#[tokio::test]
async fn a_person_who_was_refused_is_let_in_and_signs_in() {
    let place = place().await;
    let admin = place.app.token(Role::TenantAdmin).await;
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    let refused = read(&place.app, &admin, &reference).await.expect(200)["data"].clone();
    assert_eq!((&refused["reason"], &refused["may_admit"]), (&json!("creation_off"), &json!(true)), "{refused}");
    let user = admit(&place, &admin, &reference.to_lowercase()).await.expect(200)["data"]["user_id"].clone();
    let users = place.users().await;
    assert_eq!(json!(users[0].id.prefixed()), user);
    assert_eq!(users[0].profile.email.as_deref(), Some("ada@corp.example"));
    let after = trace(&place.app, &reference).await;
    assert_eq!((&after["user_id"], &after["may_admit"]), (&user, &json!(false)), "{after}");
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(place.users().await.len(), 1);
    let by = "SELECT actor FROM vestibule_audit_events WHERE object = 'user' AND action = 'created'";
    let by = place.app.database.texts(by).await;
    assert!(by.len() == 1 && by[0].starts_with("token "), "{by:?}");
    admit(&place, &admin, &reference).await.expect(422);
}

#[tokio::test]
async fn others_are_still_kept_out() {
    let place = place().await;
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    let other = place.app.database.insert_tenant("other", None).await;
    let grant = Grant { role: Role::TenantAdmin, tenant: Some(other), partner: None };
    let new = NewApiToken { name: "other".to_owned(), grant, lifetime_seconds: None };
    let (_, foreign) = place.app.new_token(new).await;
    admit(&place, &foreign, &reference).await.expect(404);
    for role in [Role::PlatformReader, Role::PlatformSupport, Role::TenantMember] {
        let token = place.app.token(role).await;
        admit(&place, &token, &reference).await.expect(403);
        if role == Role::PlatformReader {
            let seen = read(&place.app, &token, &reference).await.expect(200);
            assert_eq!(seen["data"]["may_admit"], false, "{seen}");
        }
    }
    assert!(place.users().await.is_empty());
    let admin = place.app.token(Role::PlatformAdmin).await;
    admit(&place, &admin, "ABCDEFGHJK").await.expect(404);
    // Another reason than the missing permission to create users.
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    let failed = reference_of(&Browser::default().sign_in(&place, "").await);
    admit(&place, &admin, &failed).await.expect(422);
    // A provider that serves the tenant no longer.
    let off = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    place.app.update(&place.provider, off).await.expect("a change");
    let answer = admit(&place, &admin, &reference).await.expect(422);
    assert!(answer.to_string().contains("the provider is disabled"), "{answer}");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn who_became_a_user_meanwhile_or_was_deleted_is_not_let_in() {
    let place = place().await;
    let admin = place.app.token(Role::PlatformAdmin).await;
    let first = reference_of(&Browser::default().sign_in(&place, "").await);
    let second = reference_of(&Browser::default().sign_in(&place, "").await);
    admit(&place, &admin, &first).await.expect(200);
    let answer = admit(&place, &admin, &second).await.expect(422);
    assert!(answer.to_string().contains("a user already"), "{answer}");
    let user = place.users().await[0].id;
    place.app.services.users.delete(&Actor::operator(), user).await.expect("a deletion");
    let answer = admit(&place, &admin, &second).await.expect(422);
    assert!(answer.to_string().contains("deleted"), "{answer}");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn a_person_of_an_earlier_issuer_is_not_let_in() {
    let place = place().await;
    let admin = place.app.token(Role::PlatformAdmin).await;
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    let issuer = place.openid.issuer();
    let moved =
        format!("UPDATE vestibule_identity_providers SET config = REPLACE(config, '\"{issuer}\"', '\"{issuer}/new\"')");
    place.app.database.execute(&moved).await;
    let answer = admit(&place, &admin, &reference).await.expect(422);
    assert!(answer.to_string().contains("issuer changed"), "{answer}");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn without_claims_nobody_is_let_in() {
    let place = place().await;
    let admin = place.app.token(Role::PlatformAdmin).await;
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    assert_eq!(trace(&place.app, &reference).await["may_admit"], true);
    place.app.database.execute("UPDATE vestibule_sign_in_attempts SET claims = NULL").await;
    let seen = trace(&place.app, &reference).await;
    assert_eq!((&seen["may_admit"], &seen["claims"]), (&json!(false), &Value::Null), "{seen}");
    let answer = admit(&place, &admin, &reference).await.expect(422);
    assert!(answer.to_string().contains("claims of this sign-in are gone"), "{answer}");
}
