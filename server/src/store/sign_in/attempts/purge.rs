//! Removing what is kept of attempts no longer, in batches.

use vestibule_app::domain::timestamp::Timestamp;

use super::super::super::{Conn, StoreResult, on};

/// Removes up to `limit` attempts that started before a moment; returns how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.purge_before")]
pub(crate) async fn purge_before(conn: &mut Conn<'_>, moment: Timestamp, limit: u32) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sign_in_attempts WHERE id IN \
        (SELECT id FROM vestibule_sign_in_attempts WHERE started_at < $1 ORDER BY started_at LIMIT $2)";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).bind(i64::from(limit)).execute(&mut **c).await?.rows_affected()))
}

/// Removes what the claims say of up to `limit` attempts that started before a moment; returns how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.clear_claims_before")]
pub(crate) async fn clear_claims_before(conn: &mut Conn<'_>, moment: Timestamp, limit: u32) -> StoreResult<u64> {
    const SQL: &str = "UPDATE vestibule_sign_in_attempts SET claims = NULL WHERE id IN \
        (SELECT id FROM vestibule_sign_in_attempts WHERE claims IS NOT NULL AND started_at < $1 \
        ORDER BY started_at LIMIT $2)";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).bind(i64::from(limit)).execute(&mut **c).await?.rows_affected()))
}

/// When the newest of those attempts started that are beyond the `kept` newest ones with so little evidence.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.find_bound")]
pub(crate) async fn find_bound(
    conn: &mut Conn<'_>,
    evidence: &'static str,
    kept: u32,
) -> StoreResult<Option<Timestamp>> {
    // Written out, since SQLite uses an index of some rows only where the statement names them.
    let sql = format!(
        "SELECT started_at FROM vestibule_sign_in_attempts WHERE evidence = '{evidence}' \
         ORDER BY started_at DESC LIMIT 1 OFFSET $1"
    );
    let row: Option<(i64,)> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(kept))
        .fetch_optional(&mut **c).await?);
    Ok(row.map(|(at,)| Timestamp(at)))
}

/// Removes up to `limit` attempts with so little evidence that started at a moment or before; returns how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.purge_until")]
pub(crate) async fn purge_until(
    conn: &mut Conn<'_>,
    evidence: &'static str,
    moment: Timestamp,
    limit: u32,
) -> StoreResult<u64> {
    let sql = format!(
        "DELETE FROM vestibule_sign_in_attempts WHERE id IN \
         (SELECT id FROM vestibule_sign_in_attempts WHERE evidence = '{evidence}' AND started_at <= $1 \
         ORDER BY started_at LIMIT $2)"
    );
    Ok(on!(conn, c => sqlx::query(sqlx::AssertSqlSafe(sql)).bind(moment.0).bind(i64::from(limit)).execute(&mut **c)
        .await?.rows_affected()))
}
