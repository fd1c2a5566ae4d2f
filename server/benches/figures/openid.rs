//! An OpenID provider on this machine, for creating and testing providers through the service, and for signing people in.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, header::HOST},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp, jwk::Jwk};
use rcgen::{KeyPair, PKCS_RSA_SHA256};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::client::serve;

/// The identifier of the only key.
const KEY_ID: &str = "1";

/// An OpenID provider that counts who asks.
pub(crate) struct OpenId {
    /// The address of its discovery document.
    pub(crate) discovery_url: String,
    asked: Arc<Asked>,
}

struct Asked {
    key: EncodingKey,
    discoveries: AtomicU64,
    keys: AtomicU64,
    now: AtomicU64,
    most: AtomicU64,
    /// Whether token requests wait for ever.
    hangs: AtomicBool,
}

impl OpenId {
    pub(crate) async fn start() -> Self {
        let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key of 2048 bits");
        let asked = Arc::new(Asked {
            key: EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).expect("a key"),
            discoveries: AtomicU64::new(0),
            keys: AtomicU64::new(0),
            now: AtomicU64::new(0),
            most: AtomicU64::new(0),
            hangs: AtomicBool::new(false),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&asked));
        let address = serve(router).await;
        Self { discovery_url: format!("http://{address}/.well-known/openid-configuration"), asked }
    }

    /// How often its discovery document was read.
    pub(crate) fn discoveries(&self) -> u64 {
        self.asked.discoveries.load(Ordering::SeqCst)
    }

    /// How often its keys were read.
    pub(crate) fn key_requests(&self) -> u64 {
        self.asked.keys.load(Ordering::SeqCst)
    }

    /// Answers no token request from now on.
    pub(crate) fn hang(&self) {
        self.asked.hangs.store(true, Ordering::SeqCst);
    }

    /// Signs a text, as an ID token is signed.
    pub(crate) fn sign(&self, text: &str) -> String {
        jsonwebtoken::crypto::sign(text.as_bytes(), &self.asked.key, Algorithm::RS256).expect("a signature")
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

/// The name of the provider that a request is for.
fn issuer(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("http://{host}")
}

async fn document(State(asked): State<Arc<Asked>>, headers: HeaderMap) -> Json<Value> {
    count(&asked).await;
    asked.discoveries.fetch_add(1, Ordering::SeqCst);
    let issuer = issuer(&headers);
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
    asked.keys.fetch_add(1, Ordering::SeqCst);
    let mut key = Jwk::from_encoding_key(&asked.key, Algorithm::RS256).expect("a public key");
    key.common.key_id = Some(KEY_ID.to_owned());
    Json(json!({ "keys": [key] }))
}

/// The path and query with which a browser comes back, after `person` authenticated at the address that it was sent to.
/// The code carries what the token will say.
pub(crate) fn callback(address: &str, person: &str) -> String {
    let address = Url::parse(address).expect("an address");
    let parameter = |name: &str| {
        let found = address.query_pairs().find(|(key, _)| key == name);
        found.unwrap_or_else(|| panic!("{name} is missing")).1.into_owned()
    };
    let mut to = Url::parse(&parameter("redirect_uri")).expect("an address");
    let code = format!("{person}.{}", parameter("nonce"));
    to.query_pairs_mut().append_pair("code", &code).append_pair("state", &parameter("state"));
    to[url::Position::BeforePath..].to_owned()
}

#[derive(Deserialize)]
struct TokenRequest {
    code: String,
    code_verifier: String,
}

async fn token(
    State(asked): State<Arc<Asked>>,
    headers: HeaderMap,
    Form(TokenRequest { code, code_verifier }): Form<TokenRequest>,
) -> Json<Value> {
    if asked.hangs.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    assert!(headers.contains_key("authorization") && code_verifier.len() >= 43, "a confidential client with PKCE");
    let (person, nonce) = code.split_once('.').expect("a code of ours");
    let now = get_current_timestamp();
    let claims = json!({
        "iss": issuer(&headers), "sub": person, "aud": "vestibule", "iat": now, "exp": now + 300, "nonce": nonce,
        "email": format!("{person}@example.com"), "email_verified": true,
        "given_name": "Ada", "family_name": "Lovelace",
    });
    let header = Header { kid: Some(KEY_ID.to_owned()), ..Header::new(Algorithm::RS256) };
    let id_token = encode(&header, &claims, &asked.key).expect("a token");
    Json(json!({"access_token": "an access token", "token_type": "Bearer", "id_token": id_token}))
}
