//! Tenants.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    id::TenantId,
    page::{Page, PageRequest},
    tenant::Tenant,
    timestamp::Timestamp,
};

use super::{Conn, StoreResult, corrupt, offset, on, providers::like_pattern};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    partner: Option<String>,
    status: String,
    created_at: i64,
    updated_at: Option<i64>,
    version: i64,
}

impl TryFrom<Row> for Tenant {
    type Error = super::StoreError;

    fn try_from(row: Row) -> StoreResult<Self> {
        let Row { id, slug, name, partner, status, created_at, updated_at, version } = row;
        let status = status.parse().map_err(|error| corrupt("vestibule_tenants", "status", id, error))?;
        Ok(Self {
            id: TenantId(id),
            slug,
            name,
            partner,
            status,
            created_at: Timestamp(created_at),
            updated_at: updated_at.map(Timestamp),
            version,
        })
    }
}

pub(crate) async fn insert(conn: &mut Conn<'_>, tenant: &Tenant) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_tenants (id, slug, name, partner, status, created_at, updated_at, version) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Tenant { id, slug, name, partner, status, created_at, updated_at, version } = tenant;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(slug).bind(name).bind(partner).bind(status.as_str())
        .bind(created_at.0).bind(updated_at.map(|at| at.0)).bind(*version).execute(&mut **c).await?; });
    Ok(())
}

pub(crate) async fn find(conn: &mut Conn<'_>, id: TenantId) -> StoreResult<Option<Tenant>> {
    const SQL: &str = "SELECT id, slug, name, partner, status, created_at, updated_at, version FROM vestibule_tenants \
                       WHERE id = $1 AND deleted_at IS NULL";
    let row: Option<Row> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_optional(&mut **c).await?);
    row.map(Tenant::try_from).transpose()
}

pub(crate) async fn find_by_slug(conn: &mut Conn<'_>, slug: &str) -> StoreResult<Option<Tenant>> {
    const SQL: &str = "SELECT id, slug, name, partner, status, created_at, updated_at, version FROM vestibule_tenants \
                       WHERE slug = $1 AND deleted_at IS NULL";
    let row: Option<Row> = on!(conn, c => sqlx::query_as(SQL).bind(slug).fetch_optional(&mut **c).await?);
    row.map(Tenant::try_from).transpose()
}

/// A page of the tenants within reach, by name; `search` is a part of name or slug in any letter case.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    search: Option<&str>,
    page: PageRequest,
) -> StoreResult<Page<Tenant>> {
    const FROM: &str = "FROM vestibule_tenants WHERE deleted_at IS NULL \
        AND ($1 = TRUE OR id = $2 OR partner = $3) AND (LOWER(name) LIKE $4 ESCAPE '\\' OR slug LIKE $4 ESCAPE '\\')";
    let (everything, tenant, partner) = match reach {
        Reach::Everything => (true, None, None),
        Reach::Tenant(id) => (false, Some(id.0), None),
        Reach::Partner(partner) => (false, None, Some(partner.as_str())),
        Reach::Nothing => (false, None, None),
    };
    let pattern = like_pattern(search.unwrap_or_default());
    let rows = format!(
        "SELECT id, slug, name, partner, status, created_at, updated_at, version {FROM} ORDER BY name, id LIMIT $5 OFFSET $6"
    );
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<Row> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(rows)).bind(everything).bind(tenant).bind(partner)
        .bind(&pattern).bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(everything).bind(tenant).bind(partner)
        .bind(&pattern).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(Tenant::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}
