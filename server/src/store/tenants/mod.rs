//! Tenants.

mod impact;
mod list;
mod write;

pub(crate) use impact::get_impact;
pub(crate) use list::{list, list_partners};
pub(crate) use write::{insert, soft_delete, update};

use uuid::Uuid;
use vestibule_app::{
    domain::{id::TenantId, tenant::Tenant, timestamp::Timestamp},
    service::TenantRef,
};

use super::{Conn, Lock, StoreResult, corrupt, on};

const COLUMNS: &str = "id, slug, name, partner, status, created_at, updated_at, version";

#[derive(sqlx::FromRow)]
struct TenantRow {
    id: Uuid,
    slug: String,
    name: String,
    partner: Option<String>,
    status: String,
    created_at: i64,
    updated_at: Option<i64>,
    version: i64,
}

impl TryFrom<TenantRow> for Tenant {
    type Error = super::StoreError;

    fn try_from(row: TenantRow) -> StoreResult<Self> {
        let TenantRow { id, slug, name, partner, status, created_at, updated_at, version } = row;
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

/// The tenant with this identifier.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, id: TenantId) -> StoreResult<Option<Tenant>> {
    find_locked(conn, &TenantRef::Id(id), Lock::None).await
}

/// The tenant that is meant; the lock keeps it from being changed or deleted until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.find_locked")]
pub(crate) async fn find_locked(conn: &mut Conn<'_>, tenant: &TenantRef, lock: Lock) -> StoreResult<Option<Tenant>> {
    let lock = lock.clause(conn);
    let row: Option<TenantRow> = match tenant {
        TenantRef::Id(id) => {
            let sql = format!("SELECT {COLUMNS} FROM vestibule_tenants WHERE id = $1 AND deleted_at IS NULL{lock}");
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?)
        }
        // PostgreSQL refuses the character even in a comparison.
        TenantRef::Slug(slug) if slug.contains('\0') => None,
        TenantRef::Slug(slug) => {
            let sql = format!("SELECT {COLUMNS} FROM vestibule_tenants WHERE slug = $1 AND deleted_at IS NULL{lock}");
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(slug).fetch_optional(&mut **c).await?)
        }
    };
    row.map(Tenant::try_from).transpose()
}

/// The name of the live tenant with this slug.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.find_by_slug")]
pub(crate) async fn find_holder_of_slug(conn: &mut Conn<'_>, slug: &str) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT name FROM vestibule_tenants WHERE slug = $1 AND deleted_at IS NULL";
    let row: Option<(String,)> = on!(conn, c => sqlx::query_as(SQL).bind(slug).fetch_optional(&mut **c).await?);
    Ok(row.map(|(name,)| name))
}

/// Whether a live tenant has this slug.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.is_slug_taken")]
pub(crate) async fn is_slug_taken(conn: &mut Conn<'_>, slug: &str) -> StoreResult<bool> {
    const SQL: &str = "SELECT 1 FROM vestibule_tenants WHERE slug = $1 AND deleted_at IS NULL";
    let row: Option<(i32,)> = on!(conn, c => sqlx::query_as(SQL).bind(slug).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}
