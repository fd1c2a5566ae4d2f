//! Modules of the suite outside of the certification plans that concern the code flow.

use serde_json::json;
use vestibule::domain::provider::ResponseMode::Query;

use super::{super::misbehaviour::Misbehaviour, client::Client};

#[tokio::test]
async fn oidcc_client_test_nonce() {
    Client::new(Query).await.accepts().await;
}

#[tokio::test]
async fn oidcc_client_test_missing_aud() {
    Client::new(Query).await.refuses(Misbehaviour::MissingAudience).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_at_hash() {
    Client::new(Query).await.refuses(Misbehaviour::InvalidAccessTokenHash).await;
}

/// Optional in the code flow.
#[tokio::test]
async fn oidcc_client_test_missing_at_hash() {
    Client::new(Query).await.accepts().await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_hs256() {
    Client::new(Query).await.refuses(Misbehaviour::PublicKeyAsSecret).await;
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_es256() {
    Client::new(Query).await.refuses(Misbehaviour::InvalidSignatureWithEs256).await;
}

#[tokio::test]
async fn oidcc_client_test_userinfo_bearer_header() {
    let client = Client::new(Query).await;
    client.place.openid.claims(|claims| claims["email"] = json!(null));
    client.accepts().await;
    assert_eq!(client.place.openid.user_info_requests(), 1, "the endpoint accepts the token in the header alone");
    assert!(!client.place.logged().contains("HTTP 401"));
}

#[tokio::test]
async fn oidcc_client_test_ignores_unparseable_key_in_jwks() {
    let client = Client::new(Query).await;
    let odd = [json!({"kty": "AKP", "kid": "pq", "alg": "ML-DSA-99", "pub": "AA"}), json!({"kty": "new", "kid": "x"})];
    let keys = odd.into_iter().chain([client.place.openid.key().jwk()]).collect();
    client.place.openid.set_keys(keys);
    client.accepts().await;
}
