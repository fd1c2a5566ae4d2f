//! API tokens.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{TenantId, TokenId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
    token::ApiToken,
};

use super::{
    super::{Conn, StoreResult, offset, on},
    grant,
};

const TABLE: &str = "vestibule_api_tokens";

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: Uuid,
    name: String,
    role: String,
    tenant_id: Option<Uuid>,
    partner: Option<String>,
    created_by: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl TryFrom<TokenRow> for ApiToken {
    type Error = super::super::StoreError;

    fn try_from(row: TokenRow) -> StoreResult<Self> {
        let TokenRow { id, name, role, tenant_id, partner, created_by, created_at, expires_at, last_used_at } = row;
        Ok(Self {
            id: TokenId(id),
            name,
            grant: grant(TABLE, id, &role, tenant_id, partner)?,
            created_by,
            created_at: Timestamp(created_at),
            expires_at: expires_at.map(Timestamp),
            last_used_at: last_used_at.map(Timestamp),
        })
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.token.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, token: &ApiToken, hash: &str) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_api_tokens \
        (id, name, hash, role, tenant_id, partner, created_by, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let ApiToken { id, name, grant, created_by, created_at, expires_at, last_used_at: _ } = token;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(name).bind(hash).bind(grant.role.as_str())
        .bind(grant.tenant.map(|id| id.0)).bind(&grant.partner).bind(created_by).bind(created_at.0)
        .bind(expires_at.map(|at| at.0)).execute(&mut **c).await?; });
    Ok(())
}

/// The live token with this hash. Looking up by hash leaks nothing of the token through timing.
#[tracing::instrument(level = "debug", skip_all, name = "store.token.find_by_hash")]
pub(crate) async fn find_by_hash(conn: &mut Conn<'_>, hash: &str) -> StoreResult<Option<ApiToken>> {
    const SQL: &str = "SELECT id, name, role, tenant_id, partner, created_by, created_at, expires_at, last_used_at \
                       FROM vestibule_api_tokens WHERE hash = $1 AND revoked_at IS NULL";
    let row: Option<TokenRow> = on!(conn, c => sqlx::query_as(SQL).bind(hash).fetch_optional(&mut **c).await?);
    row.map(ApiToken::try_from).transpose()
}

#[tracing::instrument(level = "debug", skip_all, name = "store.token.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, id: TokenId) -> StoreResult<Option<ApiToken>> {
    const SQL: &str = "SELECT id, name, role, tenant_id, partner, created_by, created_at, expires_at, last_used_at \
                       FROM vestibule_api_tokens WHERE id = $1 AND revoked_at IS NULL";
    let row: Option<TokenRow> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_optional(&mut **c).await?);
    row.map(ApiToken::try_from).transpose()
}

#[tracing::instrument(level = "debug", skip_all, name = "store.token.list")]
pub(crate) async fn list(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Page<ApiToken>> {
    const SQL: &str = "SELECT id, name, role, tenant_id, partner, created_by, created_at, expires_at, last_used_at \
        FROM vestibule_api_tokens WHERE revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2";
    const COUNT: &str = "SELECT COUNT(*) FROM vestibule_api_tokens WHERE revoked_at IS NULL";
    let rows: Vec<TokenRow> = on!(&mut *conn, c => sqlx::query_as(SQL).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(COUNT).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(ApiToken::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

#[tracing::instrument(level = "debug", skip_all, name = "store.token.touch")]
pub(crate) async fn touch(conn: &mut Conn<'_>, id: TokenId, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_api_tokens SET last_used_at = $1 WHERE id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.token.revoke")]
pub(crate) async fn revoke(conn: &mut Conn<'_>, id: TokenId, now: Timestamp) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_api_tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    Ok(on!(conn, c => sqlx::query(SQL).bind(now.0).bind(id.0).execute(&mut **c).await?.rows_affected()) == 1)
}

/// The live tokens whose role holds for a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.token.list_of_tenant")]
pub(crate) async fn list_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<Vec<ApiToken>> {
    const SQL: &str = "SELECT id, name, role, tenant_id, partner, created_by, created_at, expires_at, last_used_at \
                       FROM vestibule_api_tokens WHERE tenant_id = $1 AND revoked_at IS NULL ORDER BY created_at, id";
    let rows: Vec<TokenRow> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).fetch_all(&mut **c).await?);
    rows.into_iter().map(ApiToken::try_from).collect()
}
