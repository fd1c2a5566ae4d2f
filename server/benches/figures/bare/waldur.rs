//! Waldur's object of a provider, and a page of them.

use std::{collections::BTreeMap, error::Error};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};

use super::{Bare, answer, on};

const ONE: &str = "SELECT slug, label, enabled, config, secrets, user_field, user_claim, attribute_mapping, \
    extra_fields, protected_fields, allowed_redirects, management_url FROM vestibule_identity_providers \
    WHERE slug = $1 AND deleted_at IS NULL AND owner_tenant_id IS NULL AND protocol = 'oidc'";

const PAGE: &str = "SELECT slug, label, enabled, config, secrets, user_field, user_claim, attribute_mapping, \
    extra_fields, protected_fields, allowed_redirects, management_url FROM vestibule_identity_providers \
    WHERE deleted_at IS NULL AND owner_tenant_id IS NULL AND protocol = 'oidc' ORDER BY label, id LIMIT $1";

#[derive(sqlx::FromRow)]
struct Row {
    slug: String,
    label: String,
    enabled: bool,
    config: String,
    secrets: Option<String>,
    user_field: String,
    user_claim: String,
    attribute_mapping: String,
    extra_fields: Option<String>,
    protected_fields: String,
    allowed_redirects: String,
    management_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Config {
    Oidc(Oidc),
}

#[derive(Deserialize)]
struct Oidc {
    discovery_url: String,
    client_id: String,
    extra_scopes: Option<Vec<String>>,
    verify_tls: bool,
    pkce: bool,
    post_logout_redirect: bool,
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    authorization: Option<String>,
    token: Option<String>,
    userinfo: Option<String>,
    end_session: Option<String>,
}

#[derive(Serialize)]
struct Provider {
    protected_fields: Vec<String>,
    allowed_redirects: Vec<String>,
    provider: String,
    is_active: bool,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    verify_ssl: bool,
    enable_post_logout_redirect: bool,
    enable_pkce: bool,
    discovery_url: String,
    userinfo_url: String,
    token_url: String,
    auth_url: String,
    logout_url: String,
    label: String,
    management_url: String,
    extra_scope: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    staff: Option<Staff>,
}

/// What the answer to staff has more.
#[derive(Serialize)]
struct Staff {
    user_field: String,
    user_claim: String,
    attribute_mapping: BTreeMap<String, String>,
    extra_fields: Option<String>,
}

/// `/waldur/catalogue/{slug}` answers as to everybody, `/waldur/staff/{slug}` as to staff.
pub(super) fn router() -> Router<Bare> {
    Router::new()
        .route("/waldur/catalogue/{slug}", get(catalogue))
        .route("/waldur/staff/{slug}", get(staff))
        .route("/waldur/staff", get(page))
}

async fn catalogue(State(bare): State<Bare>, Path(slug): Path<String>) -> Response {
    one(&bare, &slug, false).await
}

async fn staff(State(bare): State<Bare>, Path(slug): Path<String>) -> Response {
    one(&bare, &slug, true).await
}

async fn one(bare: &Bare, slug: &str, to_staff: bool) -> Response {
    let read = async || -> Result<Provider, Box<dyn Error>> {
        let row: Row = on!(bare, pool => sqlx::query_as(ONE).bind(slug).fetch_one(pool).await?);
        Ok(provider(row, to_staff)?)
    };
    answer(StatusCode::OK, read().await)
}

#[derive(Deserialize)]
struct Size {
    page_size: i64,
}

async fn page(State(bare): State<Bare>, Query(Size { page_size }): Query<Size>) -> Response {
    let read = async || -> Result<Vec<Provider>, Box<dyn Error>> {
        let rows: Vec<Row> = on!(bare, pool => sqlx::query_as(PAGE).bind(page_size).fetch_all(pool).await?);
        Ok(rows.into_iter().map(|row| provider(row, true)).collect::<Result<_, _>>()?)
    };
    let total = bare.total.platform_oidc.to_string();
    ([("x-result-count", total)], answer(StatusCode::OK, read().await)).into_response()
}

fn provider(row: Row, to_staff: bool) -> serde_json::Result<Provider> {
    let Config::Oidc(oidc) = serde_json::from_str(&row.config)?;
    let staff = if to_staff {
        let attribute_mapping = serde_json::from_str(&row.attribute_mapping)?;
        let Row { user_field, user_claim, extra_fields, .. } = row;
        Some(Staff { user_field, user_claim, attribute_mapping, extra_fields })
    } else {
        None
    };
    Ok(Provider {
        protected_fields: serde_json::from_str(&row.protected_fields)?,
        allowed_redirects: serde_json::from_str(&row.allowed_redirects)?,
        provider: row.slug,
        is_active: row.enabled,
        client_id: oidc.client_id,
        client_secret: row.secrets.filter(|_| to_staff),
        verify_ssl: oidc.verify_tls,
        enable_post_logout_redirect: oidc.post_logout_redirect,
        enable_pkce: oidc.pkce,
        discovery_url: oidc.discovery_url,
        userinfo_url: oidc.endpoints.userinfo.unwrap_or_default(),
        token_url: oidc.endpoints.token.unwrap_or_default(),
        auth_url: oidc.endpoints.authorization.unwrap_or_default(),
        logout_url: oidc.endpoints.end_session.unwrap_or_default(),
        label: row.label,
        management_url: row.management_url,
        extra_scope: oidc.extra_scopes.map(|scopes| scopes.join(" ")),
        staff,
    })
}
