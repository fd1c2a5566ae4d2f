//! Failed attempts to sign in, counted for each account, address and pair of both.

use vestibule_app::domain::timestamp::Timestamp;

use super::super::{Conn, StoreResult, on};

/// How often, and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub(crate) failures: i64,
    pub(crate) last_at: Timestamp,
}

#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, subject: &str) -> StoreResult<Option<Attempts>> {
    const SQL: &str = "SELECT failures, last_at FROM vestibule_sign_in_failures WHERE subject = $1";
    let row: Option<(i64, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(subject).fetch_optional(&mut **c).await?);
    Ok(row.map(|(failures, last_at)| Attempts { failures, last_at: Timestamp(last_at) }))
}

/// Counts an attempt; counting begins again when the last one lies before `forget_before`.
#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.count")]
pub(crate) async fn count(
    conn: &mut Conn<'_>,
    subject: &str,
    now: Timestamp,
    forget_before: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_sign_in_failures (subject, failures, last_at) VALUES ($1, 1, $2) \
        ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at, failures = \
        CASE WHEN vestibule_sign_in_failures.last_at < $3 THEN 1 ELSE vestibule_sign_in_failures.failures + 1 END";
    on!(conn, c => { sqlx::query(SQL).bind(subject).bind(now.0).bind(forget_before.0).execute(&mut **c).await?; });
    Ok(())
}

/// Moves the last attempt to now when it lies ahead.
#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.bring_back")]
pub(crate) async fn bring_back(conn: &mut Conn<'_>, subject: &str, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sign_in_failures SET last_at = $1 WHERE subject = $2 AND last_at > $1";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(subject).execute(&mut **c).await?; });
    Ok(())
}

/// The same for everybody: it was written before the clock was set back.
#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.bring_all_back")]
pub(crate) async fn bring_all_back(conn: &mut Conn<'_>, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sign_in_failures SET last_at = $1 WHERE last_at > $2";
    on!(conn, c => { sqlx::query(SQL).bind(now.0).bind(now.latest_elsewhere().0).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.clear")]
pub(crate) async fn clear(conn: &mut Conn<'_>, subject: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_sign_in_failures WHERE subject = $1";
    on!(conn, c => { sqlx::query(SQL).bind(subject).execute(&mut **c).await?; });
    Ok(())
}

#[tracing::instrument(level = "debug", skip_all, name = "store.attempt.purge_before")]
pub(crate) async fn purge_before(conn: &mut Conn<'_>, moment: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sign_in_failures WHERE last_at < $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).execute(&mut **c).await?.rows_affected()))
}
