//! OpenID providers on this machine: with nothing wrong at first, and changed, counted and held by tests while they run.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use url::Url;
use vestibule_app::domain::discovery::WELL_KNOWN_PATH;

use super::hostile::{self, Hostile};

/// A provider; it ends when it is dropped.
pub(crate) struct OpenIdProvider {
    server: Hostile,
    state: Arc<Shared>,
}

struct Shared {
    /// The document as it was set up.
    flawless: Mutex<Value>,
    document: Mutex<Value>,
    keys: Mutex<Value>,
    status: Mutex<u16>,
    asked: AtomicUsize,
    keys_asked: AtomicUsize,
    waiting: AtomicUsize,
    most_waiting: AtomicUsize,
    /// As many requests as it has permits for are answered.
    gate: Semaphore,
}

type Change = Box<dyn Fn(&mut Value) + Send>;

/// What a provider publishes when it starts.
#[must_use]
pub(crate) struct Setup {
    every: Change,
    documents: Vec<(&'static str, Change)>,
    pages: Vec<(&'static str, MethodRouter)>,
    keys: Option<MethodRouter>,
    is_holding: bool,
}

impl Setup {
    /// Changes every document.
    pub(crate) fn every(self, change: impl Fn(&mut Value) + Send + 'static) -> Self {
        Self { every: Box::new(change), ..self }
    }

    /// Publishes the document of another issuer below this name as well.
    pub(crate) fn document(mut self, name: &'static str, change: impl Fn(&mut Value) + Send + 'static) -> Self {
        self.documents.push((name, Box::new(change)));
        self
    }

    /// Answers something else where the document of another issuer would be.
    pub(crate) fn page(mut self, name: &'static str, page: MethodRouter) -> Self {
        self.pages.push((name, page));
        self
    }

    /// Answers with this in place of the key set.
    pub(crate) fn keys(self, keys: MethodRouter) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// Answers no request for the document before [`OpenIdProvider::answer`].
    pub(crate) fn holding(self) -> Self {
        Self { is_holding: true, ..self }
    }

    pub(crate) async fn start(self) -> OpenIdProvider {
        let Self { every, documents, pages, keys, is_holding } = self;
        let state = Arc::new(Shared {
            flawless: Mutex::default(),
            document: Mutex::default(),
            keys: Mutex::new(key_set()),
            status: Mutex::new(200),
            asked: AtomicUsize::new(0),
            keys_asked: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            most_waiting: AtomicUsize::new(0),
            gate: Semaphore::new(if is_holding { 0 } else { Semaphore::MAX_PERMITS }),
        });
        let server = Hostile::serve_knowing_itself(|base| {
            let changed = |issuer: &str, change: &Change| {
                let mut document = document(base, issuer);
                every(&mut document);
                change(&mut document);
                document
            };
            let flawless: Change = Box::new(|_| {});
            *lock(&state.flawless) = changed(base, &flawless);
            *lock(&state.document) = lock(&state.flawless).clone();
            let mut router = Router::new().route(WELL_KNOWN_PATH, get(answer_document).with_state(state.clone()));
            for (name, change) in &documents {
                let document = changed(&format!("{base}/{name}"), change).to_string();
                router = router.route(&format!("/{name}{WELL_KNOWN_PATH}"), hostile::json(document));
            }
            for (name, page) in pages {
                router = router.route(&format!("/{name}{WELL_KNOWN_PATH}"), page);
            }
            router.route("/keys", keys.unwrap_or_else(|| get(answer_keys).with_state(state.clone())))
        });
        OpenIdProvider { server: server.await, state }
    }
}

impl OpenIdProvider {
    /// A provider that publishes other things than usual.
    pub(crate) fn setup() -> Setup {
        Setup { every: Box::new(|_| {}), documents: Vec::new(), pages: Vec::new(), keys: None, is_holding: false }
    }

    /// A provider that answers at once.
    pub(crate) async fn start() -> Self {
        Self::setup().start().await
    }

    /// A provider that answers no request for the document before [`Self::answer`].
    pub(crate) async fn start_holding() -> Self {
        Self::setup().holding().start().await
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.server.url(path)
    }

    /// The issuer, which is an address too.
    pub(crate) fn issuer(&self) -> String {
        self.server.url("/").as_str().trim_end_matches('/').to_owned()
    }

    /// The address of the discovery document.
    pub(crate) fn discovery_url(&self) -> String {
        self.server.url(WELL_KNOWN_PATH).to_string()
    }

    /// The address of the document of another issuer; nothing is there unless it was set up.
    pub(crate) fn discovery_url_of(&self, name: &str) -> String {
        self.server.url(&format!("/{name}{WELL_KNOWN_PATH}")).to_string()
    }

    /// Changes a member of the document as it was set up; null removes it.
    pub(crate) fn set(&self, member: &str, value: Value) {
        self.change(|document| match value {
            Value::Null => {
                document.as_object_mut().expect("an object").remove(member);
            }
            value => document[member] = value,
        });
    }

    /// Changes the document as it was set up.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut document = lock(&self.state.flawless).clone();
        change(&mut document);
        *lock(&self.state.document) = document;
    }

    /// Goes back to the document as it was set up, the usual keys, and status 200.
    pub(crate) fn heal(&self) {
        self.change(|_| {});
        self.set_keys(key_set());
        self.set_status(200);
    }

    /// Sets the key set.
    pub(crate) fn set_keys(&self, keys: Value) {
        *lock(&self.state.keys) = keys;
    }

    /// Sets the status of answers with the document.
    pub(crate) fn set_status(&self, status: u16) {
        *lock(&self.state.status) = status;
    }

    /// How many requests for the document there were.
    pub(crate) fn asked(&self) -> usize {
        self.state.asked.load(Ordering::SeqCst)
    }

    /// How many requests for the key set there were.
    pub(crate) fn keys_asked(&self) -> usize {
        self.state.keys_asked.load(Ordering::SeqCst)
    }

    /// How many requests for the document waited at once, at most.
    pub(crate) fn most_waiting(&self) -> usize {
        self.state.most_waiting.load(Ordering::SeqCst)
    }

    /// Waits until there were as many requests for the document.
    pub(crate) async fn until_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::task::yield_now().await;
        }
    }

    /// Answers as many of the requests that wait, or will.
    pub(crate) fn answer(&self, times: usize) {
        self.state.gate.add_permits(times);
    }
}

/// A discovery document with nothing wrong.
fn document(base: &str, issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{base}/keys"),
        "claims_supported": ["sub", "email", "given_name", "family_name"],
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    })
}

/// An RSA key of 2048 bits; nobody has its other half.
pub(crate) fn rsa_key(id: &str) -> Value {
    let modulus = format!("u{}", "A".repeat(341));
    json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "e": "AQAB", "n": modulus})
}

fn key_set() -> Value {
    json!({"keys": [rsa_key("1")]})
}

async fn answer_document(State(state): State<Arc<Shared>>) -> Response {
    state.asked.fetch_add(1, Ordering::SeqCst);
    let waiting = state.waiting.fetch_add(1, Ordering::SeqCst) + 1;
    state.most_waiting.fetch_max(waiting, Ordering::SeqCst);
    state.gate.acquire().await.expect("it is never closed").forget();
    state.waiting.fetch_sub(1, Ordering::SeqCst);
    let status = StatusCode::from_u16(*lock(&state.status)).expect("tests use real status codes");
    (status, Json(lock(&state.document).clone())).into_response()
}

async fn answer_keys(State(state): State<Arc<Shared>>) -> Json<Value> {
    state.keys_asked.fetch_add(1, Ordering::SeqCst);
    Json(lock(&state.keys).clone())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
