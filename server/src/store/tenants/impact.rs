//! Counts what suspending or deleting a tenant affects.

use vestibule_app::domain::{id::TenantId, tenant::TenantImpact};

use super::super::{Conn, StoreResult, on};

/// What suspending or deleting a tenant affects.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.get_impact")]
pub(crate) async fn get_impact(conn: &mut Conn<'_>, id: TenantId) -> StoreResult<TenantImpact> {
    const SQL: &str = "SELECT \
        (SELECT COUNT(*) FROM vestibule_identity_providers WHERE owner_tenant_id = $1 AND deleted_at IS NULL), \
        (SELECT COUNT(*) FROM vestibule_tenant_identity_providers a \
         JOIN vestibule_identity_providers p ON p.id = a.idp_id \
         WHERE a.tenant_id = $1 AND a.origin = 'shared' AND p.deleted_at IS NULL), \
        (SELECT COUNT(*) FROM vestibule_groups WHERE tenant_id = $1), \
        (SELECT COUNT(*) FROM vestibule_administrators WHERE tenant_id = $1), \
        (SELECT COUNT(*) FROM vestibule_api_tokens WHERE tenant_id = $1 AND revoked_at IS NULL)";
    let (owned, shared, groups, administrators, tokens): (i64, i64, i64, i64, i64) =
        on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_one(&mut **c).await?);
    Ok(TenantImpact {
        owned_providers: owned.cast_unsigned(),
        shared_providers: shared.cast_unsigned(),
        groups: groups.cast_unsigned(),
        administrators: administrators.cast_unsigned(),
        tokens: tokens.cast_unsigned(),
    })
}
