//! Lists of assignments, from either side, and of what could become one.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    assignment::{AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate},
    id::{ProviderId, TenantId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
};

use super::{
    super::{
        Conn, ReachColumns, StoreResult, corrupt, offset, on,
        providers::{COLUMNS, ProviderRow, SUMMARY, SUMMARY_FROM, StoredProvider, SummaryRow, like_pattern},
    },
    origin,
};

/// A page of a tenant's providers, whole, in the order of their creation. Their secrets stay sealed.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.list_providers")]
pub(crate) async fn list_providers(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    filter: AssignmentFilter,
    page: PageRequest,
) -> StoreResult<Page<StoredProvider>> {
    let AssignmentFilter { enabled_only, protocol } = filter;
    let mut from = "FROM vestibule_identity_providers WHERE deleted_at IS NULL \
        AND id IN (SELECT idp_id FROM vestibule_tenant_identity_providers WHERE tenant_id = $1)"
        .to_owned();
    if enabled_only {
        from.push_str(" AND enabled = TRUE");
    }
    if let Some(protocol) = protocol {
        from.push_str(&format!(" AND protocol = '{}'", protocol.as_str()));
    }
    let sql = format!("SELECT {COLUMNS} {from} ORDER BY created_at, id LIMIT $2 OFFSET $3");
    let count = format!("SELECT COUNT(*) {from}");
    let rows: Vec<ProviderRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0)
        .bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(tenant.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(StoredProvider::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

#[derive(sqlx::FromRow)]
struct AssignedProviderRow {
    #[sqlx(flatten)]
    summary: SummaryRow,
    origin: String,
    since: i64,
    linked_by: String,
}

/// A page of a tenant's providers as rows, by label.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.list_provider_rows")]
pub(crate) async fn list_provider_rows(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    page: PageRequest,
) -> StoreResult<Page<AssignedProvider>> {
    const COUNT: &str = "SELECT COUNT(*) FROM vestibule_tenant_identity_providers a \
        JOIN vestibule_identity_providers p ON p.id = a.idp_id WHERE a.tenant_id = $1 AND p.deleted_at IS NULL";
    let sql = format!(
        "{SUMMARY}, a.origin, a.created_at AS since, a.created_by AS linked_by FROM {SUMMARY_FROM} \
         JOIN vestibule_tenant_identity_providers a ON a.idp_id = p.id \
         WHERE a.tenant_id = $1 AND p.deleted_at IS NULL ORDER BY p.label, p.id LIMIT $2 OFFSET $3"
    );
    let rows: Vec<AssignedProviderRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0)
        .bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(COUNT).bind(tenant.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(|row| {
        let AssignedProviderRow { summary, origin: from, since, linked_by } = row;
        let provider: vestibule_app::domain::provider::ProviderSummary = summary.try_into()?;
        let origin = origin(tenant, provider.id, &from)?;
        Ok(AssignedProvider { provider, origin, since: Timestamp(since), by: linked_by })
    });
    Ok(Page { items: items.collect::<StoreResult<_>>()?, total: total.cast_unsigned() })
}

#[derive(sqlx::FromRow)]
struct TenantRow {
    id: Uuid,
    slug: String,
    name: String,
    status: String,
    origin: String,
    since: i64,
    linked_by: String,
}

/// A page of the tenants within reach whose users sign in with a provider, by name.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.list_tenants")]
pub(crate) async fn list_tenants(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    reach: &Reach,
    page: PageRequest,
) -> StoreResult<Page<AssignedTenant>> {
    const FROM: &str = "FROM vestibule_tenant_identity_providers a JOIN vestibule_tenants t ON t.id = a.tenant_id \
        WHERE ($1 = TRUE OR t.id = $2 OR t.partner = $3) AND t.deleted_at IS NULL AND a.idp_id = $4";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let sql = format!(
        "SELECT t.id, t.slug, t.name, t.status, a.origin, a.created_at AS since, a.created_by AS linked_by {FROM} \
         ORDER BY t.name, t.id LIMIT $5 OFFSET $6"
    );
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<TenantRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(everything)
        .bind(tenant).bind(partner).bind(provider.0).bind(i64::from(page.limit)).bind(offset(page))
        .fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(everything).bind(tenant)
        .bind(partner).bind(provider.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(|row| {
        let TenantRow { id, slug, name, status, origin: from, since, linked_by } = row;
        let id = TenantId(id);
        let status = status.parse().map_err(|error| corrupt("vestibule_tenants", "status", id, error))?;
        let origin = origin(id, provider, &from)?;
        Ok(AssignedTenant { id, slug, name, status, origin, since: Timestamp(since), by: linked_by })
    });
    Ok(Page { items: items.collect::<StoreResult<_>>()?, total: total.cast_unsigned() })
}

/// A page of the providers that are not linked to a tenant, by label: the platform's, and those of tenants within
/// reach. `search` is a part of the label in any letter case.
#[tracing::instrument(level = "debug", skip_all, name = "store.assignment.list_candidates")]
pub(crate) async fn list_candidates(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    reach: &Reach,
    search: &str,
    page: PageRequest,
) -> StoreResult<Page<LinkCandidate>> {
    const FROM: &str = "FROM vestibule_identity_providers p \
        LEFT JOIN vestibule_tenants t ON t.id = p.owner_tenant_id AND t.deleted_at IS NULL \
        WHERE p.deleted_at IS NULL \
        AND (p.owner_tenant_id IS NULL OR (t.id IS NOT NULL AND ($1 = TRUE OR t.id = $2 OR t.partner = $3))) \
        AND (SELECT s.label FROM vestibule_provider_search s WHERE s.idp_id = p.id) LIKE $4 ESCAPE '\\' \
        AND NOT EXISTS (SELECT 1 FROM vestibule_tenant_identity_providers a \
                        WHERE a.tenant_id = $5 AND a.idp_id = p.id)";
    let ReachColumns { everything, tenant: own, partner } = ReachColumns::of(reach);
    let pattern = like_pattern(search);
    let sql = format!("SELECT p.id, p.label, p.protocol {FROM} ORDER BY p.label, p.id LIMIT $6 OFFSET $7");
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<(Uuid, String, String)> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(everything).bind(own).bind(partner).bind(&pattern).bind(tenant.0).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(everything).bind(own)
        .bind(partner).bind(&pattern).bind(tenant.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(|(id, label, protocol)| {
        let protocol =
            protocol.parse().map_err(|error| corrupt("vestibule_identity_providers", "protocol", id, error))?;
        Ok(LinkCandidate { id: ProviderId(id), label, protocol })
    });
    Ok(Page { items: items.collect::<StoreResult<_>>()?, total: total.cast_unsigned() })
}
