//! The modules of the basic plan, in either response mode.

use serde_json::{Value, json};
use vestibule::{
    Secret,
    domain::{
        patch::Patch,
        provider::{OidcPatch, ProviderPatch, ResponseMode},
    },
};

use super::{super::misbehaviour::Misbehaviour, client::Client};

pub(super) async fn oidcc_client_test(mode: ResponseMode) {
    Client::new(mode).await.accepts().await;
}

pub(super) async fn oidcc_client_test_invalid_iss(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::InvalidIssuer).await;
}

pub(super) async fn oidcc_client_test_missing_sub(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::MissingSubject).await;
}

pub(super) async fn oidcc_client_test_invalid_aud(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::InvalidAudience).await;
}

pub(super) async fn oidcc_client_test_missing_iat(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::MissingIssueTime).await;
}

pub(super) async fn oidcc_client_test_kid_absent_single_jwks(mode: ResponseMode) {
    let client = Client::new(mode).await;
    client.place.openid.header(|header| header.kid = None);
    client.accepts().await;
}

/// The key cannot be determined, so no key is tried.
pub(super) async fn oidcc_client_test_kid_absent_multiple_jwks(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::MissingKeyIdOfSeveral).await;
}

pub(super) async fn oidcc_client_test_idtoken_sig_rs256(mode: ResponseMode) {
    let client = Client::new(mode).await;
    client.accepts().await;
    assert!(client.place.openid.key_requests() > 0, "the signature is verified");
}

/// The suite leaves the choice; unsigned tokens are refused in all flows.
pub(super) async fn oidcc_client_test_idtoken_sig_none(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::Unsigned).await;
}

pub(super) async fn oidcc_client_test_invalid_sig_rs256(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::InvalidSignature).await;
}

pub(super) async fn oidcc_client_test_userinfo_invalid_sub(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::UserInfoOfAnotherPerson).await;
}

pub(super) async fn oidcc_client_test_nonce_invalid(mode: ResponseMode) {
    Client::new(mode).await.refuses(Misbehaviour::InvalidNonce).await;
}

/// Claims are requested by scope, and read at the userinfo endpoint where the ID token lacks them.
pub(super) async fn oidcc_client_test_scope_userinfo_claims(mode: ResponseMode) {
    let client = Client::new(mode).await;
    client.place.openid.claims(|claims| claims["email"] = Value::Null);
    client.place.openid.user_info(json!({"sub": "ada", "email": "ada@corp.example"}));
    client.accepts().await;
    assert_eq!(client.place.users().await[0].profile.email.as_deref(), Some("ada@corp.example"));
}

/// The provider accepts form-encoded credentials in `Authorization` alone.
pub(super) async fn oidcc_client_test_client_secret_basic(mode: ResponseMode) {
    let client = Client::new(mode).await;
    client.accepts().await;
    let client = Client::new(mode).await;
    let oidc = OidcPatch { client_secret: Patch::Set(Secret::new("another")), ..OidcPatch::default() };
    let patch = ProviderPatch { oidc: Some(oidc), ..ProviderPatch::default() };
    client.place.app.update(&client.place.provider, patch).await.expect("a change");
    client.is_refused("refused with invalid_client").await;
}
