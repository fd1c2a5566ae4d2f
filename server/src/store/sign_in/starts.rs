//! Starts of sign-ins that came back: each counts once, on whichever node.

use vestibule_app::domain::{id::SignInId, timestamp::Timestamp};

use super::super::{Conn, StoreResult, on};

/// Marks a start as used until it has expired anyway. Fails with [`UniqueKey::UsedStart`](crate::store::UniqueKey) when it
/// was used before.
#[tracing::instrument(level = "debug", skip_all, name = "store.start.claim")]
pub(crate) async fn claim(conn: &mut Conn<'_>, start: SignInId, expires_at: Timestamp) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_used_starts (start_id, expires_at) VALUES ($1, $2)";
    on!(conn, c => { sqlx::query(SQL).bind(start.0).bind(expires_at.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes at most `limit` starts that have expired.
#[tracing::instrument(level = "debug", skip_all, name = "store.start.purge")]
pub(crate) async fn purge(conn: &mut Conn<'_>, now: Timestamp, limit: u32) -> StoreResult<u64> {
    // Two nodes that purge at once do not wait for each other.
    let lock = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "DELETE FROM vestibule_used_starts WHERE start_id IN \
         (SELECT start_id FROM vestibule_used_starts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2{lock})"
    );
    Ok(on!(conn, c => sqlx::query(sqlx::AssertSqlSafe(sql)).bind(now.0).bind(i64::from(limit)).execute(&mut **c).await?
        .rows_affected()))
}
