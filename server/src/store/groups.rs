//! Groups of tenants.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    group::{Group, GroupFilter},
    id::{GroupId, TenantId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
};

use super::{Conn, Lock, ReachColumns, StoreResult, offset, on, providers::like_pattern};

const COLUMNS: &str = "g.id, g.tenant_id, g.name, g.description, g.created_at, g.updated_at, g.version";

#[derive(sqlx::FromRow)]
struct GroupRow {
    id: Uuid,
    tenant_id: Uuid,
    name: String,
    description: Option<String>,
    created_at: i64,
    updated_at: Option<i64>,
    version: i64,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        let GroupRow { id, tenant_id, name, description, created_at, updated_at, version } = row;
        Self {
            id: GroupId(id),
            tenant: TenantId(tenant_id),
            name,
            description,
            created_at: Timestamp(created_at),
            updated_at: updated_at.map(Timestamp),
            version,
        }
    }
}

/// The group with this identifier; the lock keeps it from being changed or deleted until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.group.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, id: GroupId, lock: Lock) -> StoreResult<Option<Group>> {
    let lock = lock.clause(conn);
    let sql = format!("SELECT {COLUMNS} FROM vestibule_groups g WHERE g.id = $1{lock}");
    let row: Option<GroupRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?);
    Ok(row.map(Group::from))
}

/// Another group of the tenant with this name.
#[tracing::instrument(level = "debug", skip_all, name = "store.group.find_by_name")]
pub(crate) async fn find_holder_of_name(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    name: &str,
    except: Option<GroupId>,
) -> StoreResult<Option<GroupId>> {
    const SQL: &str = "SELECT id FROM vestibule_groups WHERE tenant_id = $1 AND name = $2";
    let row: Option<(Uuid,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(name).fetch_optional(&mut **c).await?);
    Ok(row.map(|(id,)| GroupId(id)).filter(|id| Some(*id) != except))
}

/// A page of the groups within reach, by name.
#[tracing::instrument(level = "debug", skip_all, name = "store.group.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &GroupFilter,
    page: PageRequest,
) -> StoreResult<Page<Group>> {
    const FROM: &str = "FROM vestibule_groups g JOIN vestibule_tenants t ON t.id = g.tenant_id \
        WHERE t.deleted_at IS NULL AND ($1 = TRUE OR t.id = $2 OR t.partner = $3) \
        AND g.search_text LIKE $4 ESCAPE '\\' AND ($5 IS NULL OR g.tenant_id = $5)";
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let GroupFilter { tenant: of_tenant, search } = filter;
    let of_tenant = of_tenant.map(|id| id.0);
    let pattern = like_pattern(search.as_deref().unwrap_or_default());
    let sql = format!("SELECT {COLUMNS} {FROM} ORDER BY g.name, g.id LIMIT $6 OFFSET $7");
    let count = format!("SELECT COUNT(*) {FROM}");
    let rows: Vec<GroupRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(everything).bind(tenant)
        .bind(partner).bind(&pattern).bind(of_tenant).bind(i64::from(page.limit)).bind(offset(page))
        .fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(everything).bind(tenant)
        .bind(partner).bind(&pattern).bind(of_tenant).fetch_one(&mut **c).await?);
    Ok(Page { items: rows.into_iter().map(Group::from).collect(), total: total.cast_unsigned() })
}

#[tracing::instrument(level = "debug", skip_all, name = "store.group.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, group: &Group) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_groups \
        (id, tenant_id, name, description, search_text, created_at, updated_at, version) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Group { id, tenant, name, description, created_at, updated_at, version } = group;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(tenant.0).bind(name).bind(description).bind(name.to_lowercase())
        .bind(created_at.0).bind(updated_at.map(|at| at.0)).bind(*version).execute(&mut **c).await?; });
    Ok(())
}

/// Writes a group that was read under a lock.
#[tracing::instrument(level = "debug", skip_all, name = "store.group.update")]
pub(crate) async fn update(conn: &mut Conn<'_>, group: &Group) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_groups \
        SET name = $1, description = $2, search_text = $3, updated_at = $4, version = $5 WHERE id = $6";
    let Group { id, tenant: _, name, description, created_at: _, updated_at, version } = group;
    on!(conn, c => { sqlx::query(SQL).bind(name).bind(description).bind(name.to_lowercase())
        .bind(updated_at.map(|at| at.0)).bind(*version).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.group.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, id: GroupId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_groups WHERE id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes all groups of a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.group.delete_of_tenant")]
pub(crate) async fn delete_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_groups WHERE tenant_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(tenant.0).execute(&mut **c).await?; });
    Ok(())
}
