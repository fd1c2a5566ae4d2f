//! ScaiKey's page of the administration's providers, and creating one.

use std::{collections::BTreeMap, error::Error};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule::{
    domain::timestamp::Timestamp,
    testing::{Clock as _, SystemClock},
};

use super::{Bare, Pool, answer, on};

const PAGE: &str = "SELECT id, slug, name, display_name, enabled, owner_tenant_id, auto_create_users, \
    update_user_on_login, sign_in, config, attribute_mapping, allowed_domains, created_at, updated_at \
    FROM vestibule_identity_providers WHERE deleted_at IS NULL ORDER BY created_at, id LIMIT $1";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    display_name: Option<String>,
    enabled: bool,
    owner_tenant_id: Option<Uuid>,
    auto_create_users: bool,
    update_user_on_login: bool,
    sign_in: String,
    config: String,
    attribute_mapping: String,
    allowed_domains: String,
    created_at: i64,
    updated_at: Option<i64>,
}

/// The settings as they are stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Config {
    Oidc(StoredOidc),
}

#[derive(Serialize, Deserialize)]
struct StoredOidc {
    discovery_url: String,
    issuer: Option<String>,
    client_id: String,
    has_client_secret: bool,
    client_secret_changed_at: Option<i64>,
    extra_scopes: Option<Vec<String>>,
    verify_tls: bool,
    pkce: bool,
    post_logout_redirect: bool,
    endpoints: Endpoints,
    overrides: Endpoints,
    sign_in: Requests,
}

/// How people sign in with an OpenID provider, as it is stored.
#[derive(Serialize, Deserialize)]
struct Requests {
    token_endpoint_auth_method: String,
    response_mode: String,
    id_token_signing_algs: Vec<String>,
    allowed_issuers: Vec<String>,
    userinfo: String,
    max_age: Option<u32>,
    prompt: Vec<String>,
    acr_values: Vec<String>,
}

/// Whom people are linked to, as it is stored.
#[derive(Serialize, Deserialize)]
struct SignIn {
    linking: String,
    email_trust: String,
    update_policy: UpdatePolicy,
    match_existing_users: bool,
    confirmed_domains: Vec<String>,
}

/// What a sign-in updates, as it is stored and answered.
#[derive(Default, Serialize, Deserialize)]
struct UpdatePolicy {
    default: Option<String>,
    fields: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Endpoints {
    authorization: Option<String>,
    token: Option<String>,
    userinfo: Option<String>,
    jwks: Option<String>,
    end_session: Option<String>,
}

#[derive(Serialize)]
struct Several {
    data: Vec<Provider>,
    pagination: Pagination,
    meta: Meta,
}

#[derive(Serialize)]
struct One {
    data: Provider,
    meta: Meta,
}

#[derive(Serialize)]
struct Pagination {
    page: i64,
    per_page: i64,
    total_items: i64,
    total_pages: i64,
}

#[derive(Serialize)]
struct Meta {
    request_id: String,
    timestamp: String,
}

impl Meta {
    fn now() -> Self {
        Self { request_id: Uuid::new_v4().simple().to_string(), timestamp: rfc3339(now()) }
    }
}

#[derive(Serialize)]
struct Provider {
    id: String,
    tenant_id: Option<String>,
    name: String,
    display_name: Option<String>,
    slug: String,
    provider_type: &'static str,
    protocol: &'static str,
    enabled: bool,
    auto_create_users: bool,
    update_user_on_login: bool,
    oidc_config: Oidc,
    saml_config: Option<()>,
    ldap_config: Option<()>,
    attribute_mapping: Mapping,
    allowed_domains: Option<Vec<String>>,
    linking: String,
    email_trust: String,
    match_existing_users: bool,
    confirmed_domains: Vec<String>,
    update_policy: UpdatePolicy,
    last_sync: Option<()>,
    created_at: String,
    updated_at: Option<String>,
    deleted_at: Option<()>,
}

/// The fields of users that this API knows, as they are stored and answered.
#[derive(Serialize, Deserialize)]
struct Mapping {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    display_name: Option<String>,
    groups: Option<String>,
}

#[derive(Serialize)]
struct Oidc {
    issuer: String,
    client_id: String,
    client_secret: Option<()>,
    client_secret_set: bool,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    jwks_uri: Option<String>,
    scopes: Vec<String>,
    token_endpoint_auth_method: String,
    response_mode: String,
    id_token_signing_algs: Vec<String>,
    allowed_issuers: Vec<String>,
    userinfo: String,
    max_age: Option<u32>,
    prompt: Vec<String>,
    acr_values: Vec<String>,
}

impl From<StoredOidc> for Oidc {
    fn from(stored: StoredOidc) -> Self {
        Self {
            issuer: stored.issuer.unwrap_or(stored.discovery_url),
            client_id: stored.client_id,
            client_secret: None,
            client_secret_set: stored.has_client_secret,
            authorization_endpoint: stored.overrides.authorization,
            token_endpoint: stored.overrides.token,
            userinfo_endpoint: stored.overrides.userinfo,
            jwks_uri: stored.overrides.jwks,
            scopes: std::iter::once("openid".to_owned()).chain(stored.extra_scopes.unwrap_or_default()).collect(),
            token_endpoint_auth_method: stored.sign_in.token_endpoint_auth_method,
            response_mode: stored.sign_in.response_mode,
            id_token_signing_algs: stored.sign_in.id_token_signing_algs,
            allowed_issuers: stored.sign_in.allowed_issuers,
            userinfo: stored.sign_in.userinfo,
            max_age: stored.sign_in.max_age,
            prompt: stored.sign_in.prompt,
            acr_values: stored.sign_in.acr_values,
        }
    }
}

pub(super) fn router() -> Router<Bare> {
    Router::new().route("/scaikey", get(page).post(create))
}

#[derive(Deserialize)]
struct Size {
    per_page: i64,
}

async fn page(State(bare): State<Bare>, Query(Size { per_page }): Query<Size>) -> Response {
    let read = async || -> Result<Several, Box<dyn Error>> {
        let rows: Vec<Row> = on!(bare, pool => sqlx::query_as(PAGE).bind(per_page).fetch_all(pool).await?);
        let data = rows.into_iter().map(provider).collect::<Result<_, _>>()?;
        let total_items = bare.total.all;
        let pagination =
            Pagination { page: 1, per_page, total_items, total_pages: (total_items + per_page - 1) / per_page };
        Ok(Several { data, pagination, meta: Meta::now() })
    };
    answer(StatusCode::OK, read().await)
}

fn provider(row: Row) -> serde_json::Result<Provider> {
    let Config::Oidc(oidc) = serde_json::from_str(&row.config)?;
    let allowed_domains: Vec<String> = serde_json::from_str(&row.allowed_domains)?;
    let sign_in: SignIn = serde_json::from_str(&row.sign_in)?;
    Ok(Provider {
        id: format!("idp_{}", row.id.simple()),
        tenant_id: row.owner_tenant_id.map(|id| format!("tnt_{}", id.simple())),
        name: row.name,
        display_name: row.display_name,
        slug: row.slug,
        provider_type: "OIDC",
        protocol: "OIDC",
        enabled: row.enabled,
        auto_create_users: row.auto_create_users,
        update_user_on_login: row.update_user_on_login,
        oidc_config: oidc.into(),
        saml_config: None,
        ldap_config: None,
        attribute_mapping: mapping(&row.attribute_mapping)?,
        allowed_domains: Some(allowed_domains).filter(|domains| !domains.is_empty()),
        linking: sign_in.linking,
        email_trust: sign_in.email_trust,
        match_existing_users: sign_in.match_existing_users,
        confirmed_domains: sign_in.confirmed_domains,
        update_policy: sign_in.update_policy,
        last_sync: None,
        created_at: rfc3339(row.created_at),
        updated_at: row.updated_at.map(rfc3339),
        deleted_at: None,
    })
}

fn mapping(text: &str) -> serde_json::Result<Mapping> {
    serde_json::from_str(text)
}

#[derive(Deserialize)]
struct New {
    name: String,
    oidc_config: NewOidc,
}

#[derive(Deserialize)]
struct NewOidc {
    issuer: String,
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
}

const INSERT: &str = "INSERT INTO vestibule_identity_providers (id, slug, name, display_name, label, protocol, \
    enabled, owner_tenant_id, auto_create_users, update_user_on_login, config, secrets, user_field, user_claim, \
    attribute_mapping, extra_fields, protected_fields, allowed_domains, allowed_redirects, management_url, \
    warnings, created_at, changed_at, changed_by, version, sign_in) \
    VALUES ($1, $2, $3, NULL, $3, 'oidc', TRUE, NULL, TRUE, TRUE, $4, $5, 'username', 'sub', $6, NULL, '[]', '[]', \
    '[]', '', 0, $7, $7, 'API token figures', 1, $8)";
const SEARCH: &str = "INSERT INTO vestibule_provider_search (idp_id, search_text, label) VALUES ($1, $2, $3)";
const AUDIT: &str = "INSERT INTO vestibule_audit_events (id, at, actor, actor_folded, address, action, object, \
    object_id, object_name, tenant_id, changes) VALUES ($1, $2, 'API token figures', 'api token figures', \
    '127.0.0.1', 'created', 'provider', $3, $4, NULL, $5)";
const MAPPING: &str =
    r#"{"email":"email","first_name":"given_name","last_name":"family_name","display_name":"name","groups":"groups"}"#;

/// A change as the audit log holds it.
#[derive(Serialize)]
struct Change {
    field: &'static str,
    after: String,
}

async fn create(State(bare): State<Bare>, Json(new): Json<New>) -> Response {
    answer(StatusCode::CREATED, store(&bare, new).await)
}

async fn store(bare: &Bare, new: New) -> Result<One, Box<dyn Error>> {
    let (id, at) = (Uuid::now_v7(), now());
    let New { name, oidc_config: NewOidc { issuer, client_id, client_secret, scopes } } = new;
    let slug: String = name.to_lowercase().replace(' ', "-");
    let discovery_url = format!("{issuer}/.well-known/openid-configuration");
    let search_text = format!("{name}\n{slug}\n{issuer}\n{discovery_url}\n{client_id}").to_lowercase();
    let changes = [
        ("slug", slug.clone()),
        ("name", name.clone()),
        ("protocol", "oidc".to_owned()),
        ("enabled", "true".to_owned()),
        ("auto_create_users", "true".to_owned()),
        ("update_user_on_login", "true".to_owned()),
        ("linking", "never".to_owned()),
        ("email_trust", "claim".to_owned()),
        ("match_existing_users", "false".to_owned()),
        ("user_field", "username".to_owned()),
        ("user_claim", "sub".to_owned()),
        ("attribute_mapping", MAPPING.to_owned()),
        ("discovery_url", discovery_url.clone()),
        ("issuer", issuer.clone()),
        ("client_id", client_id.clone()),
        ("extra_scopes", scopes.join(" ")),
        ("verify_tls", "true".to_owned()),
        ("pkce", "true".to_owned()),
        ("post_logout_redirect", "true".to_owned()),
        ("token_endpoint_auth_method", "client_secret_basic".to_owned()),
        ("response_mode", "query".to_owned()),
        ("userinfo", "auto".to_owned()),
    ];
    let changes = serde_json::to_string(&changes.map(|(field, after)| Change { field, after }))?;
    let oidc = StoredOidc {
        discovery_url,
        issuer: Some(issuer),
        client_id,
        has_client_secret: true,
        client_secret_changed_at: Some(at),
        extra_scopes: Some(scopes.into_iter().filter(|scope| scope != "openid").collect()),
        verify_tls: true,
        pkce: true,
        post_logout_redirect: true,
        endpoints: Endpoints::default(),
        overrides: Endpoints::default(),
        sign_in: Requests {
            token_endpoint_auth_method: "client_secret_basic".to_owned(),
            response_mode: "query".to_owned(),
            id_token_signing_algs: Vec::new(),
            allowed_issuers: Vec::new(),
            userinfo: "auto".to_owned(),
            max_age: None,
            prompt: Vec::new(),
            acr_values: Vec::new(),
        },
    };
    let sign_in = SignIn {
        linking: "never".to_owned(),
        email_trust: "claim".to_owned(),
        update_policy: UpdatePolicy::default(),
        match_existing_users: false,
        confirmed_domains: Vec::new(),
    };
    let stored_sign_in = serde_json::to_string(&sign_in)?;
    let config = serde_json::to_string(&Config::Oidc(oidc))?;
    let label = name.to_lowercase();
    // The same statements in one transaction of either driver.
    macro_rules! insert {
        ($transaction:expr) => {
            let mut transaction = $transaction;
            sqlx::query(INSERT)
                .bind(id)
                .bind(&slug)
                .bind(&name)
                .bind(&config)
                .bind(&client_secret)
                .bind(MAPPING)
                .bind(at)
                .bind(&stored_sign_in)
                .execute(&mut *transaction)
                .await?;
            sqlx::query(SEARCH).bind(id).bind(&search_text).bind(&label).execute(&mut *transaction).await?;
            sqlx::query(AUDIT)
                .bind(Uuid::now_v7())
                .bind(at)
                .bind(id.to_string())
                .bind(&name)
                .bind(&changes)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
        };
    }
    match &bare.pool {
        Pool::Sqlite { writer, .. } => {
            insert!(writer.begin_with("BEGIN IMMEDIATE").await?);
        }
        Pool::Postgres(pool) => {
            insert!(pool.begin().await?);
        }
    }
    let Config::Oidc(oidc) = serde_json::from_str(&config)?;
    let data = Provider {
        id: format!("idp_{}", id.simple()),
        tenant_id: None,
        display_name: None,
        name,
        slug,
        provider_type: "OIDC",
        protocol: "OIDC",
        enabled: true,
        auto_create_users: true,
        update_user_on_login: true,
        oidc_config: oidc.into(),
        saml_config: None,
        ldap_config: None,
        attribute_mapping: mapping(MAPPING)?,
        allowed_domains: None,
        linking: sign_in.linking,
        email_trust: sign_in.email_trust,
        match_existing_users: sign_in.match_existing_users,
        confirmed_domains: sign_in.confirmed_domains,
        update_policy: sign_in.update_policy,
        last_sync: None,
        created_at: rfc3339(at),
        updated_at: None,
        deleted_at: None,
    };
    Ok(One { data, meta: Meta::now() })
}

fn now() -> i64 {
    SystemClock.now().0
}

fn rfc3339(micros: i64) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
    Timestamp(micros).utc().format(format).expect("every part of the format is known")
}
