//! An OpenID provider on this machine, with a discovery document and keys that nothing is wrong with.

use axum::Router;
use serde_json::{Value, json};

use super::hostile::{self, Hostile};

/// The provider; it ends when it is dropped.
pub(crate) struct OpenIdProvider {
    server: Hostile,
}

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

impl OpenIdProvider {
    pub(crate) async fn start() -> Self {
        let server = Hostile::serve_knowing_itself(|base| {
            Router::new()
                .route(WELL_KNOWN, hostile::json(document(base).to_string()))
                .route("/other/.well-known/openid-configuration", hostile::json(other_document(base).to_string()))
                .route("/keys", hostile::json(keys().to_string()))
        });
        Self { server: server.await }
    }

    /// The address of the discovery document.
    pub(crate) fn discovery_url(&self) -> String {
        self.server.url(WELL_KNOWN).to_string()
    }

    /// The address of another provider's document, of the same quality.
    pub(crate) fn other_discovery_url(&self) -> String {
        self.server.url("/other/.well-known/openid-configuration").to_string()
    }

    /// An address below which there is nothing.
    pub(crate) fn missing_url(&self) -> String {
        self.server.url("/nothing/.well-known/openid-configuration").to_string()
    }
}

fn document(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/keys"),
        "claims_supported": ["sub", "email", "given_name", "family_name"],
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    })
}

fn other_document(base: &str) -> Value {
    let mut document = document(&format!("{base}/other"));
    document["jwks_uri"] = json!(format!("{base}/keys"));
    document
}

/// An RSA key of 2048 bits; nobody has its other half.
fn keys() -> Value {
    let modulus = format!("u{}", "A".repeat(341));
    json!({ "keys": [{ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "e": "AQAB", "n": modulus }] })
}
