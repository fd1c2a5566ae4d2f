//! Signing in as one would write it by hand: the start in a sealed cookie, one token request, a verified ID token, and no
//! rows but those that must be read and written: the provider, the used start, user and link, and the session.

use std::{
    collections::HashMap,
    error::Error,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    digest::{SHA256, digest},
    rand::fill,
};
use axum::{
    Router,
    extract::{Path, Query, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE, USER_AGENT},
    },
    response::{AppendHeaders, IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::Cookie;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded::Serializer};
use uuid::Uuid;
use vestibule::testing::{Clock as _, SystemClock};

use super::{Bare, Pool, on};

/// A hand-written application has the secret in its settings.
const SECRET: &str = "a client secret of usual length";
const SESSION: &str = "session";
const TEN_MINUTES: i64 = 600_000_000;
const ONE_DAY: i64 = 86_400_000_000;

const BY_SLUG: &str = "SELECT p.id, a.tenant_id, p.config FROM vestibule_identity_providers p \
    JOIN vestibule_tenant_identity_providers a ON a.idp_id = p.id \
    WHERE p.slug = $1 AND p.enabled = TRUE AND p.deleted_at IS NULL";
const BY_ID: &str = "SELECT p.id, a.tenant_id, p.config FROM vestibule_identity_providers p \
    JOIN vestibule_tenant_identity_providers a ON a.idp_id = p.id \
    WHERE p.id = $1 AND p.enabled = TRUE AND p.deleted_at IS NULL";
const USE: &str = "INSERT INTO vestibule_used_starts (start_id, expires_at) VALUES ($1, $2)";
const USER: &str = "SELECT l.id, l.subject, u.id, u.username, u.email FROM vestibule_identity_links l \
    JOIN vestibule_users u ON u.id = l.user_id \
    WHERE l.tenant_id = $1 AND l.idp_id = $2 AND l.key_hash = $3 AND u.active = TRUE AND u.blocked_at IS NULL";
const TOUCH: &str = "UPDATE vestibule_identity_links SET last_used_at = $1 WHERE id = $2";
const BEGIN: &str = "INSERT INTO vestibule_user_sessions (id, hash, user_id, idp_id, created_at, last_seen_at, \
    expires_at, user_agent) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)";

type Failure = Box<dyn Error>;

#[derive(Clone)]
struct SignIns {
    bare: Bare,
    http: reqwest::Client,
    seal: Arc<RandomizedNonceKey>,
    /// By provider and key id.
    keys: Arc<RwLock<HashMap<(Uuid, String), DecodingKey>>>,
}

pub(super) fn router(bare: Bare) -> Router {
    let seal = RandomizedNonceKey::new(&AES_256_GCM, &random()).expect("32 bytes");
    let (http, keys) = (reqwest::Client::new(), Arc::default());
    Router::new()
        .route("/login", get(login))
        .route("/callback/{provider}", get(callback))
        .route("/healthz", get(async || "ok"))
        .with_state(SignIns { bare, http, seal: Arc::new(seal), keys })
}

struct Provider {
    id: Uuid,
    tenant: Uuid,
    oidc: Oidc,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Config {
    Oidc(Oidc),
}

#[derive(Deserialize)]
struct Oidc {
    issuer: String,
    client_id: String,
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    authorization: String,
    token: String,
    jwks: String,
}

/// What the browser carries until it comes back.
#[derive(Serialize, Deserialize)]
struct Start {
    id: Uuid,
    at: i64,
    provider: Uuid,
    nonce: String,
    verifier: String,
    return_to: String,
}

#[derive(Deserialize)]
struct Login {
    provider: String,
    return_to: String,
}

async fn login(State(this): State<SignIns>, headers: HeaderMap, Query(login): Query<Login>) -> Response {
    this.begin(&headers, login).await.unwrap_or_else(failed)
}

#[derive(Deserialize)]
struct Callback {
    code: String,
    state: String,
}

async fn callback(
    State(this): State<SignIns>,
    Path(provider): Path<Uuid>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Response {
    this.finish(&headers, provider, callback).await.unwrap_or_else(failed)
}

fn failed(error: Failure) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

impl SignIns {
    async fn begin(&self, headers: &HeaderMap, login: Login) -> Result<Response, Failure> {
        let row = on!(self.bare, pool => sqlx::query_as(BY_SLUG).bind(&login.provider).fetch_one(pool).await?);
        let Provider { id, oidc, .. } = provider(row)?;
        let (state, nonce, verifier) = (secret(), secret(), secret());
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let mut url = Url::parse(&oidc.endpoints.authorization)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &oidc.client_id)
            .append_pair("redirect_uri", &redirect_uri(headers, id)?)
            .append_pair("scope", "openid profile email")
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        let return_to = login.return_to;
        let start = Start { id: Uuid::now_v7(), at: now(), provider: id, nonce, verifier, return_to };
        let cookie = Cookie::build((cookie_name(&state), self.sealed(&state, &start)?)).path("/").http_only(true);
        Ok((StatusCode::SEE_OTHER, [(LOCATION, url.to_string()), (SET_COOKIE, cookie.to_string())]).into_response())
    }

    async fn finish(&self, headers: &HeaderMap, id: Uuid, callback: Callback) -> Result<Response, Failure> {
        let name = cookie_name(&callback.state);
        let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let sealed = Cookie::split_parse(cookies).filter_map(Result::ok).find(|cookie| cookie.name() == name);
        let start = self.opened(&callback.state, sealed.ok_or("no start")?.value())?;
        if start.provider != id || now() - start.at > TEN_MINUTES {
            return Err("another start".into());
        }
        match &self.bare.pool {
            Pool::Sqlite { writer: pool, .. } => {
                sqlx::query(USE).bind(start.id).bind(start.at + TEN_MINUTES).execute(pool).await?;
            }
            Pool::Postgres(pool) => {
                sqlx::query(USE).bind(start.id).bind(start.at + TEN_MINUTES).execute(pool).await?;
            }
        }
        let row = on!(self.bare, pool => sqlx::query_as(BY_ID).bind(id).fetch_one(pool).await?);
        let provider = provider(row)?;
        let tokens = self.tokens(headers, &provider, &callback.code, &start.verifier).await?;
        let claims = self.verified(&provider, &tokens.id_token).await?;
        if claims.nonce != start.nonce {
            return Err("another nonce".into());
        }
        let session = self.signed_in(headers, &provider, &claims).await?;
        let cookie = Cookie::build((SESSION, session)).path("/").http_only(true);
        let over = Cookie::build((name, "")).path("/").max_age(cookie::time::Duration::ZERO);
        let set = AppendHeaders([(SET_COOKIE, cookie.to_string()), (SET_COOKIE, over.to_string())]);
        Ok((StatusCode::SEE_OTHER, [(LOCATION, start.return_to)], set).into_response())
    }

    async fn tokens(
        &self,
        headers: &HeaderMap,
        provider: &Provider,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, Failure> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &redirect_uri(headers, provider.id)?)
            .append_pair("code_verifier", verifier)
            .finish();
        let Oidc { client_id, endpoints, .. } = &provider.oidc;
        let sending = self.http.post(&endpoints.token).basic_auth(client_id, Some(SECRET));
        let sending = sending.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
        Ok(sending.send().await?.error_for_status()?.json().await?)
    }

    async fn verified(&self, provider: &Provider, token: &str) -> Result<Claims, Failure> {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[&provider.oidc.client_id]);
        validation.set_issuer(&[&provider.oidc.issuer]);
        let place = (provider.id, decode_header(token)?.kid.unwrap_or_default());
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        let key = match known {
            Some(key) => key,
            None => {
                let set: JwkSet = self.http.get(&provider.oidc.endpoints.jwks).send().await?.json().await?;
                let key = DecodingKey::from_jwk(set.find(&place.1).ok_or("no key")?)?;
                self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(place, key.clone());
                key
            }
        };
        Ok(decode::<Claims>(token, &key, &validation)?.claims)
    }

    /// Begins a session of the person, and returns its cookie.
    async fn signed_in(&self, headers: &HeaderMap, provider: &Provider, claims: &Claims) -> Result<String, Failure> {
        let session = secret();
        let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let key = hex::encode(digest(&SHA256, format!("{}\0sub\0{}", provider.oidc.issuer, claims.sub).as_bytes()));
        // The same statements in one transaction of either driver.
        macro_rules! store {
            ($transaction:expr) => {
                let mut transaction = $transaction;
                let (link, subject, user, _, email): (Uuid, String, Uuid, String, Option<String>) =
                    sqlx::query_as(USER)
                        .bind(provider.tenant)
                        .bind(provider.id)
                        .bind(&key)
                        .fetch_one(&mut *transaction)
                        .await?;
                if subject != claims.sub || email.as_ref() != Some(&claims.email) {
                    return Err("another person".into());
                }
                let now = now();
                sqlx::query(TOUCH).bind(now).bind(link).execute(&mut *transaction).await?;
                sqlx::query(BEGIN)
                    .bind(Uuid::now_v7())
                    .bind(hex::encode(digest(&SHA256, session.as_bytes())))
                    .bind(user)
                    .bind(provider.id)
                    .bind(now)
                    .bind(now + ONE_DAY)
                    .bind(user_agent)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await?;
            };
        }
        match &self.bare.pool {
            Pool::Sqlite { writer, .. } => {
                store!(writer.begin_with("BEGIN IMMEDIATE").await?);
            }
            Pool::Postgres(pool) => {
                store!(pool.begin().await?);
            }
        }
        Ok(session)
    }

    fn sealed(&self, state: &str, start: &Start) -> Result<String, Failure> {
        let mut buffer = serde_json::to_vec(start)?;
        let nonce = self.seal.seal_in_place_append_tag(Aad::from(state), &mut buffer).map_err(|_| "no seal")?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce.as_ref()[..], &buffer].concat()))
    }

    fn opened(&self, state: &str, sealed: &str) -> Result<Start, Failure> {
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed)?;
        let (nonce, ciphertext) = bytes.split_at_mut_checked(12).ok_or("too short")?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| "no nonce")?;
        let opened = self.seal.open_in_place(nonce, Aad::from(state), ciphertext).map_err(|_| "altered")?;
        Ok(serde_json::from_slice(opened)?)
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    nonce: String,
    email: String,
}

fn provider((id, tenant, config): (Uuid, Uuid, String)) -> Result<Provider, Failure> {
    let Config::Oidc(oidc) = serde_json::from_str(&config)?;
    Ok(Provider { id, tenant, oidc })
}

fn redirect_uri(headers: &HeaderMap, provider: Uuid) -> Result<String, Failure> {
    Ok(format!("http://{}/callback/{provider}", headers.get(HOST).ok_or("no host")?.to_str()?))
}

fn cookie_name(state: &str) -> String {
    let hash = hex::encode(digest(&SHA256, state.as_bytes()));
    format!("start-{}", &hash[..16])
}

/// 256 random bits as text.
fn secret() -> String {
    URL_SAFE_NO_PAD.encode(random())
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

fn now() -> i64 {
    SystemClock.now().0
}
