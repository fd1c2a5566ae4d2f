//! Lists of tenants, paged in the database.

use vestibule_app::domain::{
    actor::Reach,
    page::{Page, PageRequest},
    tenant::{Tenant, TenantFilter},
};

use super::{
    super::{Conn, ReachColumns, StoreResult, offset, on, providers::like_pattern},
    COLUMNS, Row,
};

/// A page of the tenants within reach, by name.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &TenantFilter,
    page: PageRequest,
) -> StoreResult<Page<Tenant>> {
    const FROM: &str = "FROM vestibule_tenants WHERE deleted_at IS NULL \
        AND ($1 = TRUE OR id = $2 OR partner = $3) AND search_text LIKE $4 ESCAPE '\\' \
        AND ($5 IS NULL OR status = $5) AND ($6 IS NULL OR partner = $6)";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let TenantFilter { search, status, partner: of_partner } = filter;
    let pattern = like_pattern(search.as_deref().unwrap_or_default());
    let status = status.map(|status| status.as_str());
    let rows = format!("SELECT {COLUMNS} {FROM} ORDER BY name, id LIMIT $7 OFFSET $8");
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<Row> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(rows))
        .bind(everything).bind(tenant).bind(partner).bind(&pattern).bind(status).bind(of_partner)
        .bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count))
        .bind(everything).bind(tenant).bind(partner).bind(&pattern).bind(status).bind(of_partner)
        .fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(Tenant::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}
