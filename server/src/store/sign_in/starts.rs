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

/// Removes starts that have expired.
#[tracing::instrument(level = "debug", skip_all, name = "store.start.purge")]
pub(crate) async fn purge(conn: &mut Conn<'_>, now: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_used_starts WHERE expires_at <= $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(now.0).execute(&mut **c).await?.rows_affected()))
}
