//! An OpenID provider that signs one person in, and misbehaves where a test wants it to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, Header, encode};
use serde_json::{Value, json};

use url::Url;
use vestibule_app::domain::discovery::WELL_KNOWN_PATH;

use crate::support::{
    hostile::Hostile,
    issuer::{Key, NOW},
};

/// The client's secret, with characters that need encoding.
pub(super) const SECRET: &str = "a client secret: 100% +ä";

/// The token endpoint.
pub(super) const TOKEN: &str = "/token";
/// The userinfo endpoint.
pub(super) const USER_INFO: &str = "/userinfo";
/// Where the keys are.
pub(super) const KEYS: &str = "/keys";

/// A provider; it ends when it is dropped.
pub(super) struct SigningProvider {
    server: Hostile,
    state: Arc<Shared>,
}

struct Shared {
    issuer: Mutex<String>,
    key: Key,
    keys: Mutex<Vec<Value>>,
    /// What was asked for with each code.
    codes: Mutex<HashMap<String, Asked>>,
    issued_codes: AtomicUsize,
    faults: Mutex<Faults>,
    token_requests: AtomicUsize,
    user_info_requests: AtomicUsize,
    key_requests: AtomicUsize,
    discovery_requests: AtomicUsize,
}

struct Asked {
    nonce: String,
    challenge: Option<String>,
    redirect_uri: String,
}

type Change = Box<dyn Fn(&mut Value) + Send>;

/// Whether a token request has the client's credentials.
type Credentials = Box<dyn Fn(&HeaderMap, &HashMap<String, String>) -> bool + Send>;

/// What goes wrong.
struct Faults {
    document: Change,
    credentials: Credentials,
    claims: Change,
    header: Box<dyn Fn(&mut Header) + Send>,
    token: Box<dyn Fn(String) -> String + Send>,
    user_info: Value,
    /// The whole answers of endpoints.
    answers: HashMap<&'static str, Box<dyn Fn() -> Response + Send>>,
    /// An endpoint that does not answer.
    hanging: Option<&'static str>,
}

impl Default for Faults {
    fn default() -> Self {
        // Exactly what RFC 6749, section 2.3.1, says of "client" and the secret.
        let expected = "Basic Y2xpZW50OmErY2xpZW50K3NlY3JldCUzQSsxMDAlMjUrJTJCJUMzJUE0";
        Self {
            document: Box::new(|_| {}),
            credentials: Box::new(move |headers, form| {
                headers.get(header::AUTHORIZATION).is_some_and(|given| given == expected)
                    && !form.contains_key("client_secret")
            }),
            claims: Box::new(|_| {}),
            header: Box::new(|_| {}),
            token: Box::new(|token| token),
            user_info: json!({"sub": "ada"}),
            answers: HashMap::new(),
            hanging: None,
        }
    }
}

impl SigningProvider {
    pub(super) async fn start() -> Self {
        let key = Key::new("k1", Algorithm::RS256);
        let state = Arc::new(Shared {
            issuer: Mutex::default(),
            keys: Mutex::new(vec![key.jwk()]),
            key,
            codes: Mutex::default(),
            issued_codes: AtomicUsize::new(0),
            faults: Mutex::default(),
            token_requests: AtomicUsize::new(0),
            user_info_requests: AtomicUsize::new(0),
            key_requests: AtomicUsize::new(0),
            discovery_requests: AtomicUsize::new(0),
        });
        let server = Hostile::serve_knowing_itself(|base| {
            *lock(&state.issuer) = base.to_owned();
            Router::new()
                .route(WELL_KNOWN_PATH, get(discovery))
                .route(KEYS, get(keys))
                .route(TOKEN, post(token))
                .route(USER_INFO, get(user_info))
                .with_state(state.clone())
        });
        Self { server: server.await, state }
    }

    pub(super) fn discovery_url(&self) -> String {
        self.server.url(WELL_KNOWN_PATH).to_string()
    }

    pub(super) fn issuer(&self) -> String {
        lock(&self.state.issuer).clone()
    }

    /// Authenticates the person at the address that a browser was sent to, and returns the parameters of the callback.
    pub(super) fn authenticate(&self, address: &str) -> Vec<(String, String)> {
        let asked: HashMap<String, String> =
            Url::parse(address).expect("an address").query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        let code = format!("code {}", self.state.issued_codes.fetch_add(1, Ordering::SeqCst));
        let remembered = Asked {
            nonce: asked["nonce"].clone(),
            challenge: asked.get("code_challenge").cloned(),
            redirect_uri: asked["redirect_uri"].clone(),
        };
        lock(&self.state.codes).insert(code.clone(), remembered);
        vec![("code".to_owned(), code), ("state".to_owned(), asked["state"].clone())]
    }

    /// Changes the discovery document.
    pub(super) fn document(&self, change: impl Fn(&mut Value) + Send + 'static) {
        lock(&self.state.faults).document = Box::new(change);
    }

    /// Expects other credentials of the client than `client_secret_basic` with the usual secret.
    pub(super) fn credentials(
        &self,
        are_right: impl Fn(&HeaderMap, &HashMap<String, String>) -> bool + Send + 'static,
    ) {
        lock(&self.state.faults).credentials = Box::new(are_right);
    }

    /// Changes the claims of ID tokens; a claim that becomes null is left out.
    pub(super) fn claims(&self, change: impl Fn(&mut Value) + Send + 'static) {
        lock(&self.state.faults).claims = Box::new(change);
    }

    /// Changes the header of ID tokens.
    pub(super) fn header(&self, change: impl Fn(&mut Header) + Send + 'static) {
        lock(&self.state.faults).header = Box::new(change);
    }

    /// Changes whole ID tokens.
    pub(super) fn token(&self, change: impl Fn(String) -> String + Send + 'static) {
        lock(&self.state.faults).token = Box::new(change);
    }

    /// Sets what the userinfo endpoint answers.
    pub(super) fn user_info(&self, claims: Value) {
        lock(&self.state.faults).user_info = claims;
    }

    /// Sets the whole answer of the token endpoint.
    pub(super) fn answer(&self, answer: impl Fn() -> Response + Send + 'static) {
        self.answer_at(TOKEN, answer);
    }

    /// Sets the whole answer of an endpoint.
    pub(super) fn answer_at(&self, path: &'static str, answer: impl Fn() -> Response + Send + 'static) {
        lock(&self.state.faults).answers.insert(path, Box::new(answer));
    }

    /// Lets requests to an endpoint wait for ever.
    pub(super) fn hang_at(&self, path: &'static str) {
        lock(&self.state.faults).hanging = Some(path);
    }

    /// Behaves from now on.
    pub(super) fn reset(&self) {
        *lock(&self.state.faults) = Faults::default();
        *lock(&self.state.keys) = vec![self.state.key.jwk()];
    }

    /// The key that signs.
    pub(super) fn key(&self) -> &Key {
        &self.state.key
    }

    pub(super) fn set_keys(&self, keys: Vec<Value>) {
        *lock(&self.state.keys) = keys;
    }

    /// Answers requests for the keys with an error from now on.
    pub(super) fn refuse_keys(&self) {
        self.answer_at(KEYS, || StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }

    pub(super) fn token_requests(&self) -> usize {
        self.state.token_requests.load(Ordering::SeqCst)
    }

    pub(super) fn user_info_requests(&self) -> usize {
        self.state.user_info_requests.load(Ordering::SeqCst)
    }

    pub(super) fn discovery_requests(&self) -> usize {
        self.state.discovery_requests.load(Ordering::SeqCst)
    }

    pub(super) fn key_requests(&self) -> usize {
        self.state.key_requests.load(Ordering::SeqCst)
    }
}

impl Shared {
    /// The whole answer that a test set for an endpoint. Waits for ever where the endpoint hangs.
    async fn answer(&self, path: &str) -> Option<Response> {
        let hangs = lock(&self.faults).hanging == Some(path);
        if hangs {
            std::future::pending::<()>().await;
        }
        lock(&self.faults).answers.get(path).map(|answer| answer())
    }
}

async fn discovery(State(state): State<Arc<Shared>>) -> Json<Value> {
    state.discovery_requests.fetch_add(1, Ordering::SeqCst);
    let issuer = lock(&state.issuer).clone();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}{TOKEN}"),
        "userinfo_endpoint": format!("{issuer}{USER_INFO}"),
        "jwks_uri": format!("{issuer}{KEYS}"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "email"],
        "id_token_signing_alg_values_supported": ["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA", "HS256", "none"],
        "code_challenge_methods_supported": ["S256"],
    });
    (lock(&state.faults).document)(&mut document);
    Json(document)
}

async fn keys(State(state): State<Arc<Shared>>) -> Response {
    state.key_requests.fetch_add(1, Ordering::SeqCst);
    if let Some(answer) = state.answer(KEYS).await {
        return answer;
    }
    Json(json!({"keys": *lock(&state.keys)})).into_response()
}

async fn token(
    State(state): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    state.token_requests.fetch_add(1, Ordering::SeqCst);
    if let Some(answer) = state.answer(TOKEN).await {
        return answer;
    }
    let faults = lock(&state.faults);
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    if !(faults.credentials)(&headers, &form) {
        return refuse("invalid_client");
    }
    let Some(asked) = lock(&state.codes).remove(&form["code"]) else { return refuse("invalid_grant") };
    let is_proven = asked.challenge.as_ref().is_none_or(|challenge| {
        let verifier = form.get("code_verifier").cloned().unwrap_or_default();
        *challenge == URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
    });
    if !is_proven || form["redirect_uri"] != asked.redirect_uri || form["grant_type"] != "authorization_code" {
        return refuse("invalid_grant");
    }
    let mut claims = json!({
        "iss": *lock(&state.issuer), "sub": "ada", "aud": "client", "iat": NOW, "exp": NOW + 300, "nonce": asked.nonce,
        "email": "ada@corp.example", "email_verified": true,
    });
    (faults.claims)(&mut claims);
    claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    let mut header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::RS256) };
    (faults.header)(&mut header);
    let signed = encode(&header, &claims, &state.key.key).expect("a token");
    let id_token = (faults.token)(signed);
    Json(json!({"access_token": "an access token", "token_type": "bearer", "id_token": id_token})).into_response()
}

async fn user_info(State(state): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    state.user_info_requests.fetch_add(1, Ordering::SeqCst);
    if let Some(answer) = state.answer(USER_INFO).await {
        return answer;
    }
    if headers.get(header::AUTHORIZATION).is_none_or(|given| given != "Bearer an access token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match &lock(&state.faults).user_info {
        Value::String(token) => ([(header::CONTENT_TYPE, "application/jwt")], token.clone()).into_response(),
        claims => Json(claims.clone()).into_response(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
