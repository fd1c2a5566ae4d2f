//! An OpenID provider on this machine, for creating and testing providers through the service.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, extract::State, http::HeaderMap, routing::get};
use serde_json::{Value, json};

use crate::client::serve;

/// An OpenID provider that counts who asks.
pub(crate) struct OpenId {
    /// The address of its discovery document.
    pub(crate) discovery_url: String,
    asked: Arc<Asked>,
}

#[derive(Default)]
struct Asked {
    discoveries: AtomicU64,
    now: AtomicU64,
    most: AtomicU64,
}

impl OpenId {
    pub(crate) async fn start() -> Self {
        let asked = Arc::new(Asked::default());
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&asked));
        let address = serve(router).await;
        Self { discovery_url: format!("http://{address}/.well-known/openid-configuration"), asked }
    }

    /// How often its discovery document was read.
    pub(crate) fn discoveries(&self) -> u64 {
        self.asked.discoveries.load(Ordering::SeqCst)
    }

    /// How many requests were open in the busiest moment.
    pub(crate) fn busiest_moment(&self) -> u64 {
        self.asked.most.load(Ordering::SeqCst)
    }

    pub(crate) fn forget_the_busiest_moment(&self) {
        self.asked.most.store(0, Ordering::SeqCst);
    }
}

/// Counts a request while it is open: for a millisecond at least, so that requests meet.
async fn count(asked: &Asked) {
    let now = asked.now.fetch_add(1, Ordering::SeqCst) + 1;
    asked.most.fetch_max(now, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(1)).await;
    asked.now.fetch_sub(1, Ordering::SeqCst);
}

async fn document(State(asked): State<Arc<Asked>>, headers: HeaderMap) -> Json<Value> {
    count(&asked).await;
    asked.discoveries.fetch_add(1, Ordering::SeqCst);
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
}

async fn keys(State(asked): State<Arc<Asked>>) -> Json<Value> {
    count(&asked).await;
    // An RSA key of 2048 bits; nobody has its other half.
    let modulus = format!("u{}", "A".repeat(341));
    let key = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "e": "AQAB", "n": modulus});
    Json(json!({ "keys": [key] }))
}
