//! Portal sessions.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{AdministratorId, SessionId},
    timestamp::Timestamp,
};

use super::super::{Conn, StoreResult, on};

/// A session as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredSession {
    pub(crate) id: SessionId,
    pub(crate) hash: String,
    pub(crate) administrator: AdministratorId,
    pub(crate) created_at: Timestamp,
    pub(crate) last_seen_at: Timestamp,
    /// The absolute end.
    pub(crate) expires_at: Timestamp,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: String,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: Uuid,
    hash: String,
    administrator_id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    address: Option<String>,
    user_agent: String,
}

impl From<SessionRow> for StoredSession {
    fn from(row: SessionRow) -> Self {
        let SessionRow { id, hash, administrator_id, created_at, last_seen_at, expires_at, address, user_agent } = row;
        Self {
            id: SessionId(id),
            hash,
            administrator: AdministratorId(administrator_id),
            created_at: Timestamp(created_at),
            last_seen_at: Timestamp(last_seen_at),
            expires_at: Timestamp(expires_at),
            address,
            user_agent,
        }
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.session.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, session: &StoredSession) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_sessions \
        (id, hash, administrator_id, created_at, last_seen_at, expires_at, address, user_agent) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let StoredSession { id, hash, administrator, created_at, last_seen_at, expires_at, address, user_agent } = session;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(hash).bind(administrator.0).bind(created_at.0).bind(last_seen_at.0)
        .bind(expires_at.0).bind(address).bind(user_agent).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.session.find_by_hash")]
pub(crate) async fn find_by_hash(conn: &mut Conn<'_>, hash: &str) -> StoreResult<Option<StoredSession>> {
    const SQL: &str = "SELECT id, hash, administrator_id, created_at, last_seen_at, expires_at, address, user_agent \
                       FROM vestibule_sessions WHERE hash = $1";
    let row: Option<SessionRow> = on!(conn, c => sqlx::query_as(SQL).bind(hash).fetch_optional(&mut **c).await?);
    Ok(row.map(StoredSession::from))
}

#[tracing::instrument(level = "debug", skip_all, name = "store.session.list")]
pub(crate) async fn list(conn: &mut Conn<'_>, administrator: AdministratorId) -> StoreResult<Vec<StoredSession>> {
    const SQL: &str = "SELECT id, hash, administrator_id, created_at, last_seen_at, expires_at, address, user_agent \
                       FROM vestibule_sessions WHERE administrator_id = $1 ORDER BY last_seen_at DESC, id DESC";
    let rows: Vec<SessionRow> = on!(conn, c => sqlx::query_as(SQL).bind(administrator.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(StoredSession::from).collect())
}

/// Notes a use, and moves the absolute end to `latest_end` at most: it may have been written before the clock was set back.
#[tracing::instrument(level = "debug", skip_all, name = "store.session.touch")]
pub(crate) async fn touch(
    conn: &mut Conn<'_>,
    id: SessionId,
    now: Timestamp,
    latest_end: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sessions SET last_seen_at = $1, \
        expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END WHERE id = $3";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(latest_end.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Moves what lies ahead to now in all sessions, and the absolute end to `latest_end` at most: both were written before
/// the clock was set back, and would keep sessions for longer than they may last.
#[tracing::instrument(level = "debug", skip_all, name = "store.session.bring_back")]
pub(crate) async fn bring_back(conn: &mut Conn<'_>, now: Timestamp, latest_end: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sessions SET last_seen_at = $1, \
        expires_at = CASE WHEN expires_at > $2 THEN $2 ELSE expires_at END WHERE last_seen_at > $3";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(latest_end.0).bind(now.latest_elsewhere().0).execute(&mut **c).await?; });
    Ok(())
}

/// Ends one session of an administrator.
#[tracing::instrument(level = "debug", skip_all, name = "store.session.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, administrator: AdministratorId, id: SessionId) -> StoreResult<bool> {
    const SQL: &str = "DELETE FROM vestibule_sessions WHERE administrator_id = $1 AND id = $2";
    Ok(on!(conn, c => sqlx::query(SQL).bind(administrator.0).bind(id.0).execute(&mut **c).await?.rows_affected()) == 1)
}

/// Ends all sessions of an administrator.
#[tracing::instrument(level = "debug", skip_all, name = "store.session.delete_all")]
pub(crate) async fn delete_all(conn: &mut Conn<'_>, administrator: AdministratorId) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sessions WHERE administrator_id = $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(administrator.0).execute(&mut **c).await?.rows_affected()))
}

/// Removes what has ended: past the absolute end, or idle since before `idle_since`.
#[tracing::instrument(level = "debug", skip_all, name = "store.session.purge")]
pub(crate) async fn purge(conn: &mut Conn<'_>, now: Timestamp, idle_since: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sessions WHERE expires_at <= $1 OR last_seen_at < $2";
    Ok(on!(conn, c => sqlx::query(SQL).bind(now.0).bind(idle_since.0).execute(&mut **c).await?.rows_affected()))
}
