//! An OpenID provider that tests change, count and hold while it runs.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::hostile::Hostile;

/// The provider; it ends when it is dropped.
pub(crate) struct ChangingProvider {
    server: Hostile,
    state: Arc<Shared>,
}

struct Shared {
    document: Mutex<Value>,
    keys: Mutex<Value>,
    status: Mutex<u16>,
    /// How often the document was asked for.
    asked: AtomicUsize,
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    /// Leaves to be answered.
    gate: Semaphore,
}

impl ChangingProvider {
    /// A provider that answers at once.
    pub(crate) async fn start() -> Self {
        Self::with_leaves(Semaphore::MAX_PERMITS).await
    }

    /// A provider that answers nobody before [`Self::answer`] says so.
    pub(crate) async fn start_holding() -> Self {
        Self::with_leaves(0).await
    }

    async fn with_leaves(leaves: usize) -> Self {
        let state = Arc::new(Shared {
            document: Mutex::new(Value::Null),
            keys: Mutex::new(json!({"keys": [rsa_key("1")]})),
            status: Mutex::new(200),
            asked: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            most_waiting: AtomicUsize::new(0),
            gate: Semaphore::new(leaves),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&state));
        let server = Hostile::serve(router).await;
        let provider = Self { server, state };
        *lock(&provider.state.document) = provider.flawless();
        provider
    }

    /// The document with which nothing is wrong.
    fn flawless(&self) -> Value {
        let issuer = self.issuer();
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/keys"),
            "scopes_supported": ["openid", "profile", "email"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        })
    }

    /// The issuer, which is an address too.
    pub(crate) fn issuer(&self) -> String {
        self.server.url("/").as_str().trim_end_matches('/').to_owned()
    }

    /// The address of the discovery document.
    pub(crate) fn discovery_url(&self) -> String {
        self.server.url("/.well-known/openid-configuration").to_string()
    }

    /// Changes a member of the flawless document; null removes it.
    pub(crate) fn set(&self, member: &str, value: Value) {
        let mut document = self.flawless();
        match value {
            Value::Null => {
                document.as_object_mut().expect("an object").remove(member);
            }
            value => document[member] = value,
        }
        *lock(&self.state.document) = document;
    }

    /// Changes several members of the flawless document.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut document = self.flawless();
        change(&mut document);
        *lock(&self.state.document) = document;
    }

    /// Goes back to the flawless document, keys and status.
    pub(crate) fn heal(&self) {
        *lock(&self.state.document) = self.flawless();
        *lock(&self.state.keys) = json!({"keys": [rsa_key("1")]});
        *lock(&self.state.status) = 200;
    }

    /// What the key set is from now on.
    pub(crate) fn set_keys(&self, keys: Value) {
        *lock(&self.state.keys) = keys;
    }

    /// What the document is answered with from now on.
    pub(crate) fn set_status(&self, status: u16) {
        *lock(&self.state.status) = status;
    }

    /// How often the document was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.state.asked.load(Ordering::SeqCst)
    }

    /// How many were waiting for the document at once, at most.
    pub(crate) fn most_waiting(&self) -> usize {
        self.state.most_waiting.load(Ordering::SeqCst)
    }

    /// Waits until as many have asked for the document.
    pub(crate) async fn until_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }

    /// Answers as many of those who wait, or will.
    pub(crate) fn answer(&self, times: usize) {
        self.state.gate.add_permits(times);
    }
}

/// An RSA key of 2048 bits; nobody has its other half.
pub(crate) fn rsa_key(id: &str) -> Value {
    let modulus = format!("u{}", "A".repeat(341));
    json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "e": "AQAB", "n": modulus})
}

async fn document(State(state): State<Arc<Shared>>) -> Response {
    state.asked.fetch_add(1, Ordering::SeqCst);
    let waiting = state.waiting.fetch_add(1, Ordering::SeqCst) + 1;
    state.most_waiting.fetch_max(waiting, Ordering::SeqCst);
    state.gate.acquire().await.expect("it is never closed").forget();
    state.waiting.fetch_sub(1, Ordering::SeqCst);
    let status = StatusCode::from_u16(*lock(&state.status)).expect("tests use real status codes");
    (status, Json(lock(&state.document).clone())).into_response()
}

async fn keys(State(state): State<Arc<Shared>>) -> Json<Value> {
    Json(lock(&state.keys).clone())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
