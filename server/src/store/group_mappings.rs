//! Group mappings: which groups of a provider stand for which groups of a tenant.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    group::GroupMapping,
    id::{GroupId, GroupMappingId, ProviderId, TenantId},
    timestamp::Timestamp,
};

use super::{Conn, ReachColumns, StoreResult, on};

/// A group of another tenant lends no name, whatever the text says.
const SELECT: &str = "SELECT m.id, m.tenant_id, m.idp_id, m.claim, m.external_group_id, m.external_group_name, \
    m.internal_group_id, g.name AS internal_group_name, m.created_at FROM vestibule_group_mappings m \
    LEFT JOIN vestibule_groups g ON g.id = m.group_id AND g.tenant_id = m.tenant_id";

#[derive(sqlx::FromRow)]
struct GroupMappingRow {
    id: Uuid,
    tenant_id: Uuid,
    idp_id: Uuid,
    claim: String,
    external_group_id: String,
    external_group_name: Option<String>,
    internal_group_id: String,
    internal_group_name: Option<String>,
    created_at: i64,
}

impl From<GroupMappingRow> for GroupMapping {
    fn from(row: GroupMappingRow) -> Self {
        let GroupMappingRow {
            id,
            tenant_id,
            idp_id,
            claim,
            external_group_id,
            external_group_name,
            internal_group_id,
            internal_group_name,
            created_at,
        } = row;
        Self {
            id: GroupMappingId(id),
            tenant: TenantId(tenant_id),
            provider: ProviderId(idp_id),
            claim,
            external_group_id,
            external_group_name,
            internal_group_id,
            internal_group_name,
            created_at: Timestamp(created_at),
        }
    }
}

/// All mappings of a provider for a tenant, the oldest first.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
) -> StoreResult<Vec<GroupMapping>> {
    let sql = format!("{SELECT} WHERE m.tenant_id = $1 AND m.idp_id = $2 ORDER BY m.created_at, m.id");
    let rows: Vec<GroupMappingRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(provider.0)
        .fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(GroupMapping::from).collect())
}

/// A mapping of a provider for a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.find")]
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    id: GroupMappingId,
) -> StoreResult<Option<GroupMapping>> {
    let sql = format!("{SELECT} WHERE m.tenant_id = $1 AND m.idp_id = $2 AND m.id = $3");
    let row: Option<GroupMappingRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(provider.0)
        .bind(id.0).fetch_optional(&mut **c).await?);
    Ok(row.map(GroupMapping::from))
}

/// The mapping of these two groups to each other, by any spelling that is stored.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.find_pair")]
pub(crate) async fn find_pair(conn: &mut Conn<'_>, mapping: &GroupMapping) -> StoreResult<Option<GroupMappingId>> {
    const SQL: &str = "SELECT id FROM vestibule_group_mappings WHERE tenant_id = $1 AND idp_id = $2 \
        AND external_group_id = $3 AND internal_group_id = $4";
    let GroupMapping { tenant, provider, external_group_id, internal_group_id, .. } = mapping;
    let row: Option<(Uuid,)> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0)
        .bind(external_group_id).bind(internal_group_id).fetch_optional(&mut **c).await?);
    Ok(row.map(|(id,)| GroupMappingId(id)))
}

/// Stores a mapping; `group` is the tenant's group that its text names, when Vestibule knows it.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, mapping: &GroupMapping, group: Option<GroupId>) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_group_mappings (id, tenant_id, idp_id, claim, external_group_id, \
        external_group_name, internal_group_id, group_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let GroupMapping {
        id,
        tenant,
        provider,
        claim,
        external_group_id,
        external_group_name,
        internal_group_id,
        internal_group_name: _,
        created_at,
    } = mapping;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(tenant.0).bind(provider.0).bind(claim).bind(external_group_id)
        .bind(external_group_name).bind(internal_group_id).bind(group.map(|id| id.0)).bind(created_at.0)
        .execute(&mut **c).await?; });
    Ok(())
}

/// Removes a mapping. Answers false when it was not there (any more).
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, id: GroupMappingId) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_group_mappings WHERE id = $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(id.0).execute(&mut **c).await?.rows_affected()) == 1)
}

/// Removes all mappings of a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.delete_of_provider")]
pub(crate) async fn delete_of_provider(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_group_mappings WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes all mappings of a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.delete_of_tenant")]
pub(crate) async fn delete_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_group_mappings WHERE tenant_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(tenant.0).execute(&mut **c).await?; });
    Ok(())
}

/// How many mappings name groups of a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.count_of_provider")]
pub(crate) async fn count_of_provider(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_group_mappings WHERE idp_id = $1";
    let (count,): (i64,) = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(count.cast_unsigned())
}

/// External groups that mappings of the tenant name, and mappings of the provider for tenants within reach.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_mapping.list_external_groups")]
pub(crate) async fn list_external_groups(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    reach: &Reach,
    limit: u32,
) -> StoreResult<Vec<String>> {
    const SQL: &str = "SELECT DISTINCT m.external_group_id FROM vestibule_group_mappings m \
        JOIN vestibule_tenants t ON t.id = m.tenant_id \
        WHERE m.tenant_id = $4 OR (m.idp_id = $5 AND ($1 = TRUE OR t.id = $2 OR t.partner = $3)) \
        ORDER BY m.external_group_id LIMIT $6";
    let ReachColumns { everything, tenant: own, partner } = ReachColumns::of(reach);
    let rows: Vec<(String,)> = on!(conn, c => sqlx::query_as(SQL).bind(everything).bind(own).bind(partner)
        .bind(tenant.0).bind(provider.0).bind(i64::from(limit)).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(external,)| external).collect())
}
