//! Inserting, changing and deleting tenants.

use vestibule_app::domain::{id::TenantId, tenant::Tenant, timestamp::Timestamp};

use super::super::{Conn, StoreResult, on};

/// What searches look into.
fn search_text(tenant: &Tenant) -> String {
    format!("{}\n{}", tenant.name, tenant.slug).to_lowercase()
}

#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, tenant: &Tenant) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_tenants \
        (id, slug, name, partner, status, search_text, created_at, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Tenant { id, slug, name, partner, status, created_at, updated_at, version } = tenant;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(slug).bind(name).bind(partner).bind(status.as_str())
        .bind(search_text(tenant)).bind(created_at.0).bind(updated_at.map(|at| at.0)).bind(*version)
        .execute(&mut **c).await?; });
    Ok(())
}

/// Writes a tenant that was read under a lock.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.update")]
pub(crate) async fn update(conn: &mut Conn<'_>, tenant: &Tenant) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_tenants \
        SET name = $1, partner = $2, status = $3, search_text = $4, updated_at = $5, version = $6 WHERE id = $7";
    let Tenant { id, slug: _, name, partner, status, created_at: _, updated_at, version } = tenant;
    on!(conn, c => { sqlx::query(SQL).bind(name).bind(partner).bind(status.as_str()).bind(search_text(tenant))
        .bind(updated_at.map(|at| at.0)).bind(*version).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Marks a tenant as deleted; its slug is free from then on.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.soft_delete")]
pub(crate) async fn soft_delete(conn: &mut Conn<'_>, id: TenantId, at: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_tenants SET deleted_at = $1, updated_at = $1, version = version + 1 \
                       WHERE id = $2 AND deleted_at IS NULL";
    on!(conn, c => { sqlx::query(SQL).bind(at.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}
