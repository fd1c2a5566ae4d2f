//! Administrators of the portal.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::{Grant, Role},
    administrator::Administrator,
    id::{AdministratorId, TenantId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
};

use super::{
    super::{Conn, Lock, StoreResult, offset, on},
    grant,
};

const TABLE: &str = "vestibule_administrators";

#[derive(sqlx::FromRow)]
struct AdministratorRow {
    id: Uuid,
    email: String,
    password_hash: String,
    role: String,
    tenant_id: Option<Uuid>,
    partner: Option<String>,
    created_at: i64,
    last_sign_in_at: Option<i64>,
    version: i64,
}

/// An administrator with the hash of the password.
pub(crate) struct StoredAdministrator {
    pub(crate) administrator: Administrator,
    pub(crate) password_hash: String,
}

impl TryFrom<AdministratorRow> for StoredAdministrator {
    type Error = super::super::StoreError;

    fn try_from(row: AdministratorRow) -> StoreResult<Self> {
        let AdministratorRow {
            id,
            email,
            password_hash,
            role,
            tenant_id,
            partner,
            created_at,
            last_sign_in_at,
            version,
        } = row;
        let administrator = Administrator {
            id: AdministratorId(id),
            email,
            grant: grant(TABLE, id, &role, tenant_id, partner)?,
            created_at: Timestamp(created_at),
            last_sign_in_at: last_sign_in_at.map(Timestamp),
            version,
        };
        Ok(Self { administrator, password_hash })
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, stored: &StoredAdministrator) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_administrators \
        (id, email, password_hash, role, tenant_id, partner, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let StoredAdministrator { administrator, password_hash } = stored;
    let Administrator { id, email, grant, created_at, last_sign_in_at: _, version } = administrator;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(email).bind(password_hash).bind(grant.role.as_str())
        .bind(grant.tenant.map(|id| id.0)).bind(&grant.partner).bind(created_at.0).bind(*version)
        .execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, id: AdministratorId) -> StoreResult<Option<StoredAdministrator>> {
    const SQL: &str = "SELECT id, email, password_hash, role, tenant_id, partner, created_at, last_sign_in_at, version \
                       FROM vestibule_administrators WHERE id = $1";
    let row: Option<AdministratorRow> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_optional(&mut **c).await?);
    row.map(StoredAdministrator::try_from).transpose()
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.find_by_email")]
pub(crate) async fn find_by_email(conn: &mut Conn<'_>, email: &str) -> StoreResult<Option<StoredAdministrator>> {
    const SQL: &str = "SELECT id, email, password_hash, role, tenant_id, partner, created_at, last_sign_in_at, version \
                       FROM vestibule_administrators WHERE email = $1";
    let row: Option<AdministratorRow> = on!(conn, c => sqlx::query_as(SQL).bind(email).fetch_optional(&mut **c).await?);
    row.map(StoredAdministrator::try_from).transpose()
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.list")]
pub(crate) async fn list(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Page<Administrator>> {
    const SQL: &str = "SELECT id, email, password_hash, role, tenant_id, partner, created_at, last_sign_in_at, version \
                       FROM vestibule_administrators ORDER BY email, id LIMIT $1 OFFSET $2";
    let rows: Vec<AdministratorRow> = on!(&mut *conn, c => sqlx::query_as(SQL).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    let items = rows.into_iter().map(|row| StoredAdministrator::try_from(row).map(|stored| stored.administrator));
    Ok(Page { items: items.collect::<StoreResult<_>>()?, total: count(conn).await? })
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.count")]
pub(crate) async fn count(conn: &mut Conn<'_>) -> StoreResult<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_administrators";
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(SQL).fetch_one(&mut **c).await?);
    Ok(total.cast_unsigned())
}

/// Who holds the role `platform_admin`. PostgreSQL locks those rows and the given administrator's until the transaction
/// ends, so that what is read of them afterwards stays true; SQLite has one writer anyway.
#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.lock_platform_admins")]
pub(crate) async fn lock_platform_admins(
    conn: &mut Conn<'_>,
    beside: AdministratorId,
) -> StoreResult<Vec<AdministratorId>> {
    let lock = Lock::Exclusive.clause(conn);
    let sql = format!(
        "SELECT id, role FROM vestibule_administrators WHERE role = 'platform_admin' OR id = $1 ORDER BY id{lock}"
    );
    let rows: Vec<(Uuid, String)> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(beside.0).fetch_all(&mut **c).await?);
    let admins = rows.into_iter().filter(|(_, role)| role == Role::PlatformAdmin.as_str());
    Ok(admins.map(|(id, _)| AdministratorId(id)).collect())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.set_grant")]
pub(crate) async fn set_grant(
    conn: &mut Conn<'_>,
    id: AdministratorId,
    grant: &Grant,
    expected: i64,
) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_administrators SET role = $1, tenant_id = $2, partner = $3, version = version + 1 \
                       WHERE id = $4 AND version = $5";
    Ok(on!(conn, c => sqlx::query(SQL).bind(grant.role.as_str()).bind(grant.tenant.map(|id| id.0)).bind(&grant.partner)
        .bind(id.0).bind(expected).execute(&mut **c).await?.rows_affected())
        == 1)
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.set_password")]
pub(crate) async fn set_password(conn: &mut Conn<'_>, id: AdministratorId, hash: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_administrators SET password_hash = $1 WHERE id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(hash).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.touch")]
pub(crate) async fn touch(conn: &mut Conn<'_>, id: AdministratorId, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_administrators SET last_sign_in_at = $1 WHERE id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, id: AdministratorId) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_administrators WHERE id = $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(id.0).execute(&mut **c).await?.rows_affected()) == 1)
}

/// The administrators whose role holds for a tenant; locked until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.administrator.list_of_tenant")]
pub(crate) async fn list_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<Vec<Administrator>> {
    let lock = Lock::Exclusive.clause(conn);
    let sql = format!(
        "SELECT id, email, password_hash, role, tenant_id, partner, created_at, last_sign_in_at, version \
         FROM vestibule_administrators WHERE tenant_id = $1 ORDER BY id{lock}"
    );
    let rows: Vec<AdministratorRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).fetch_all(&mut **c).await?);
    rows.into_iter().map(|row| StoredAdministrator::try_from(row).map(|stored| stored.administrator)).collect()
}
