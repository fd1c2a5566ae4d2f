//! Lists of tenants, paged in the database.

use vestibule_app::domain::{
    actor::Reach,
    id::ProviderId,
    page::{Page, PageRequest},
    tenant::{Tenant, TenantFilter},
};

use super::{
    super::{Conn, ReachColumns, StoreResult, offset, on, providers::like_pattern},
    COLUMNS, TenantRow,
};

/// A page of the tenants within reach, by name; without those that a provider is linked to, when one is named.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &TenantFilter,
    not_linked_to: Option<ProviderId>,
    page: PageRequest,
) -> StoreResult<Page<Tenant>> {
    const FROM: &str = "FROM vestibule_tenants WHERE deleted_at IS NULL \
        AND ($1 = TRUE OR id = $2 OR partner = $3) AND search_text LIKE $4 ESCAPE '\\' \
        AND ($5 IS NULL OR status = $5) AND ($6 IS NULL OR partner = $6) \
        AND NOT EXISTS (SELECT 1 FROM vestibule_tenant_identity_providers a \
                        WHERE a.tenant_id = vestibule_tenants.id AND a.idp_id = $7)";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let TenantFilter { search, status, partner: of_partner } = filter;
    let pattern = like_pattern(search.as_deref().unwrap_or_default());
    let status = status.map(|status| status.as_str());
    let provider = not_linked_to.map(|id| id.0);
    let rows = format!("SELECT {COLUMNS} {FROM} ORDER BY name, id LIMIT $8 OFFSET $9");
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<TenantRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(rows))
        .bind(everything).bind(tenant).bind(partner).bind(&pattern).bind(status).bind(of_partner)
        .bind(provider).bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count))
        .bind(everything).bind(tenant).bind(partner).bind(&pattern).bind(status).bind(of_partner)
        .bind(provider).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(Tenant::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

/// The partners that tenants within reach name, each once, in ascending order.
#[tracing::instrument(level = "debug", skip_all, name = "store.tenant.list_partners")]
pub(crate) async fn list_partners(conn: &mut Conn<'_>, reach: &Reach) -> StoreResult<Vec<String>> {
    const SQL: &str = "SELECT DISTINCT partner FROM vestibule_tenants \
        WHERE deleted_at IS NULL AND partner IS NOT NULL AND ($1 = TRUE OR id = $2 OR partner = $3)";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let rows: Vec<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(everything).bind(tenant).bind(partner).fetch_all(&mut **c).await?);
    let mut partners: Vec<_> = rows.into_iter().map(|(partner,)| partner).collect();
    // Here, since the databases order texts each in its own way.
    partners.sort_unstable();
    Ok(partners)
}
