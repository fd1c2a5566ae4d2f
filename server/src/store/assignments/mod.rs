//! Assignments: which tenants' users sign in with which providers. A provider that was deleted is in none of them.

mod list;

pub(crate) use list::{list_candidates, list_provider_rows, list_providers, list_tenants};

use vestibule_app::domain::{
    actor::Reach,
    assignment::Origin,
    id::{ProviderId, TenantId},
};

use super::{Conn, Lock, ReachColumns, StoreResult, corrupt, on};

const TABLE: &str = "vestibule_tenant_identity_providers";

fn origin(tenant: TenantId, provider: ProviderId, text: &str) -> StoreResult<Origin> {
    text.parse().map_err(|error| corrupt(TABLE, "origin", format!("{tenant}/{provider}"), error))
}

/// How a provider came to a tenant, if it did; the lock keeps it linked until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.find")]
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    lock: Lock,
) -> StoreResult<Option<Origin>> {
    let lock = lock.clause(conn);
    let sql = format!(
        "SELECT origin FROM vestibule_tenant_identity_providers WHERE tenant_id = $1 AND idp_id = $2 \
         AND EXISTS (SELECT 1 FROM vestibule_identity_providers p WHERE p.id = $2 AND p.deleted_at IS NULL){lock}"
    );
    let row: Option<(String,)> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0)
        .bind(provider.0).fetch_optional(&mut **c).await?);
    row.map(|(text,)| origin(tenant, provider, &text)).transpose()
}

/// Whether the users of any tenant within reach sign in with a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.is_within")]
pub(crate) async fn is_within(conn: &mut Conn<'_>, provider: ProviderId, reach: &Reach) -> StoreResult<bool> {
    const SQL: &str = "SELECT 1 FROM vestibule_tenant_identity_providers a \
        JOIN vestibule_tenants t ON t.id = a.tenant_id \
        WHERE ($1 = TRUE OR t.id = $2 OR t.partner = $3) AND t.deleted_at IS NULL AND a.idp_id = $4 LIMIT 1";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let row: Option<(i32,)> = on!(conn, c => sqlx::query_as(SQL).bind(everything).bind(tenant).bind(partner)
        .bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}

/// Unlinks a provider from a tenant. Answers false when it was not linked.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, tenant: TenantId, provider: ProviderId) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_tenant_identity_providers WHERE tenant_id = $1 AND idp_id = $2";
    let done =
        on!(conn, c => sqlx::query(SQL).bind(tenant.0).bind(provider.0).execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}

/// Unlinks a provider from every tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.delete_of_provider")]
pub(crate) async fn delete_of_provider(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_tenant_identity_providers WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Unlinks every provider from a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.delete_of_tenant")]
pub(crate) async fn delete_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_tenant_identity_providers WHERE tenant_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(tenant.0).execute(&mut **c).await?; });
    Ok(())
}
