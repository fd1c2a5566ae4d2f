//! An OpenID provider on this machine, for creating providers through the service.

use axum::{Json, Router, http::HeaderMap, routing::get};
use serde_json::json;

use crate::client::serve;

/// Answers the address of its discovery document.
pub(crate) async fn start() -> String {
    let address = serve(router()).await;
    format!("http://{address}/.well-known/openid-configuration")
}

fn router() -> Router {
    Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(|headers: HeaderMap| async move {
                let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
                let issuer = format!("http://{host}");
                Json(json!({
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
                }))
            }),
        )
        .route(
            "/keys",
            get(|| async {
                // An RSA key of 2048 bits; nobody has its other half.
                let modulus = format!("u{}", "A".repeat(341));
                let key = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "e": "AQAB", "n": modulus});
                Json(json!({ "keys": [key] }))
            }),
        )
}
