//! `oidcc-client-config-certification-test-plan`: discovery, and keys that change.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use vestibule::domain::provider::{ConfigInput, ResponseMode::Query};

use super::{
    super::{
        browser::{Browser, new_provider},
        misbehaviour::Misbehaviour,
        provider::SigningProvider,
    },
    client::Client,
};
use crate::support::{
    TestApp,
    issuer::{Key, NOW},
};

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config() {
    let client = Client::new(Query).await;
    let (oidc, issuer) = (client.place.provider.oidc().expect("an OpenID provider"), client.place.openid.issuer());
    assert_eq!(oidc.issuer.as_deref(), Some(issuer.as_str()));
    let endpoints = oidc.effective_endpoints();
    assert_eq!(endpoints.authorization, Some(format!("{issuer}/authorize")));
    assert_eq!(endpoints.token, Some(format!("{issuer}/token")));
    assert_eq!(endpoints.userinfo, Some(format!("{issuer}/userinfo")));
    client.accepts().await;
}

#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys() {
    let client = Client::new(Query).await;
    let read = client.place.openid.key_requests();
    client.accepts().await;
    assert_eq!(client.place.openid.key_requests(), read + 1);
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() {
    let (app, openid) = (TestApp::start().await, SigningProvider::start().await);
    let mut new = new_provider(&app, &openid, "Corp");
    if let ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.discovery_url = openid.issuer();
    }
    openid.document(|document| document["issuer"] = json!("https://other.example"));
    let refused = app.create_new(new).await.expect_err("another issuer");
    assert!(format!("{refused:?}").contains("names the issuer"), "{refused:?}");
    assert_eq!(Browser::default().get(&app, "/login").await.status, 404);
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none() {
    Client::new(Query).await.refuses(Misbehaviour::Unsigned).await;
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    // The keys were read when the provider was created, and are read again for the first token.
    let client = Client::new(Query).await;
    client.place.openid.rotate(&Key::new("k2", Algorithm::RS256));
    client.accepts().await;
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let client = Client::new(Query).await;
    client.accepts().await;
    client.place.openid.rotate(&Key::new("k2", Algorithm::RS256));
    // Keys are read again at most once a minute.
    client.place.app.clock.advance(61);
    client.place.openid.claims(|claims: &mut Value| {
        claims["iat"] = json!(NOW + 61);
        claims["exp"] = json!(NOW + 361);
    });
    client.accepts().await;
}
