//! Sessions of users.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, TenantId, UserId, UserSessionId},
    session::UserSession,
    timestamp::Timestamp,
};

use super::super::{Conn, StoreResult, on};

/// A session to store.
#[derive(Debug, Clone)]
pub(crate) struct NewSession {
    pub(crate) id: UserSessionId,
    /// SHA-256 of the cookie's value.
    pub(crate) hash: String,
    pub(crate) user: UserId,
    pub(crate) provider: ProviderId,
    /// The provider's own session.
    pub(crate) provider_session: Option<String>,
    pub(crate) created_at: Timestamp,
    /// The absolute end.
    pub(crate) expires_at: Timestamp,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: String,
}

/// A session that a cookie belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundSession {
    pub(crate) id: UserSessionId,
    pub(crate) user: UserId,
    pub(crate) provider: ProviderId,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, session: &NewSession) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_user_sessions \
        (id, hash, user_id, idp_id, provider_session, created_at, last_seen_at, expires_at, address, user_agent) \
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)";
    let NewSession { id, hash, user, provider, provider_session, created_at, expires_at, address, user_agent } =
        session;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(hash).bind(user.0).bind(provider.0).bind(provider_session)
        .bind(created_at.0).bind(expires_at.0).bind(address).bind(user_agent).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.find_by_hash")]
pub(crate) async fn find_by_hash(conn: &mut Conn<'_>, hash: &str) -> StoreResult<Option<FoundSession>> {
    const SQL: &str =
        "SELECT id, user_id, idp_id, last_seen_at, expires_at FROM vestibule_user_sessions WHERE hash = $1";
    let row: Option<(Uuid, Uuid, Uuid, i64, i64)> =
        on!(conn, c => sqlx::query_as(SQL).bind(hash).fetch_optional(&mut **c).await?);
    Ok(row.map(|(id, user, provider, last_seen_at, expires_at)| FoundSession {
        id: UserSessionId(id),
        user: UserId(user),
        provider: ProviderId(provider),
        last_seen_at: Timestamp(last_seen_at),
        expires_at: Timestamp(expires_at),
    }))
}

#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.touch")]
pub(crate) async fn touch(conn: &mut Conn<'_>, id: UserSessionId, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_user_sessions SET last_seen_at = $1 WHERE id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends the session of a cookie.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_by_hash")]
pub(crate) async fn delete_by_hash(conn: &mut Conn<'_>, hash: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE hash = $1";
    on!(conn, c => { sqlx::query(SQL).bind(hash).execute(&mut **c).await?; });
    Ok(())
}

/// A user's sessions that have not ended: before the absolute end, and used after `idle_since`; the last used first.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.list_of_user")]
pub(crate) async fn list_of_user(
    conn: &mut Conn<'_>,
    user: UserId,
    now: Timestamp,
    idle_since: Timestamp,
) -> StoreResult<Vec<UserSession>> {
    const SQL: &str = "SELECT s.id, s.idp_id, p.label, s.created_at, s.last_seen_at, s.expires_at, s.address, s.user_agent \
        FROM vestibule_user_sessions s JOIN vestibule_identity_providers p ON p.id = s.idp_id \
        WHERE s.user_id = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 ORDER BY s.last_seen_at DESC, s.id";
    type Row = (Uuid, Uuid, String, i64, i64, i64, Option<String>, String);
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(now.0).bind(idle_since.0)
        .fetch_all(&mut **c).await?);
    let session =
        |(id, provider, provider_name, created_at, last_seen_at, expires_at, address, user_agent): Row| UserSession {
            id: UserSessionId(id),
            provider: ProviderId(provider),
            provider_name,
            created_at: Timestamp(created_at),
            last_seen_at: Timestamp(last_seen_at),
            expires_at: Timestamp(expires_at),
            address,
            user_agent,
        };
    Ok(rows.into_iter().map(session).collect())
}

/// The user of a session.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.find_user")]
pub(crate) async fn find_user(conn: &mut Conn<'_>, id: UserSessionId) -> StoreResult<Option<UserId>> {
    const SQL: &str = "SELECT user_id FROM vestibule_user_sessions WHERE id = $1";
    let row: Option<(Uuid,)> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(id,)| UserId(id)))
}

/// Ends a session. Returns whether there was one.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, id: UserSessionId) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE id = $1";
    let removed = on!(conn, c => sqlx::query(SQL).bind(id.0).execute(&mut **c).await?.rows_affected());
    Ok(removed > 0)
}

/// Ends a user's sessions that began with a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_of_link")]
pub(crate) async fn delete_of_link(conn: &mut Conn<'_>, user: UserId, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE user_id = $1 AND idp_id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(user.0).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends all sessions of a user.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_of_user")]
pub(crate) async fn delete_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE user_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(user.0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends all sessions that began with a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_of_provider")]
pub(crate) async fn delete_of_provider(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends all sessions of a tenant's users that began with a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_of_assignment")]
pub(crate) async fn delete_of_assignment(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions WHERE idp_id = $1 \
        AND user_id IN (SELECT id FROM vestibule_users WHERE tenant_id = $2)";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(tenant.0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends all sessions of a tenant's users.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.delete_of_tenant")]
pub(crate) async fn delete_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_user_sessions \
        WHERE user_id IN (SELECT id FROM vestibule_users WHERE tenant_id = $1)";
    on!(conn, c => { sqlx::query(SQL).bind(tenant.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes at most `limit` sessions that have ended: past the absolute end, or not used after `idle_since`.
#[tracing::instrument(level = "debug", skip_all, name = "store.user_session.purge")]
pub(crate) async fn purge(conn: &mut Conn<'_>, now: Timestamp, idle_since: Timestamp, limit: u32) -> StoreResult<u64> {
    // One after the other, each by its index: a statement for both reads every session where few have ended.
    let expired = purge_up_to(conn, "expires_at", now, limit).await?;
    let rest = limit.saturating_sub(u32::try_from(expired).unwrap_or(u32::MAX));
    Ok(expired + purge_up_to(conn, "last_seen_at", idle_since, rest).await?)
}

async fn purge_up_to(conn: &mut Conn<'_>, column: &'static str, moment: Timestamp, limit: u32) -> StoreResult<u64> {
    // Sessions that another transaction deletes with their users are skipped, so that the two never wait for each other.
    let lock = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "DELETE FROM vestibule_user_sessions WHERE id IN \
         (SELECT id FROM vestibule_user_sessions WHERE {column} <= $1 ORDER BY {column} LIMIT $2{lock})"
    );
    Ok(on!(conn, c => sqlx::query(sqlx::AssertSqlSafe(sql)).bind(moment.0).bind(i64::from(limit)).execute(&mut **c)
        .await?.rows_affected()))
}
