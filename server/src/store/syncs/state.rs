//! The state of each provider's synchronisation: the lease of its run, what the last runs left, and when it is due.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, SyncLogId},
    sync::Marks,
    timestamp::Timestamp,
};

use super::super::{Conn, StoreResult, corrupt, on};

/// The state of a provider's synchronisation.
#[derive(Debug, Clone)]
pub(crate) struct SyncState {
    /// The run that holds the lease, and when that ends.
    pub(crate) holder: Option<(SyncLogId, Timestamp)>,
    pub(crate) marks: Option<Marks>,
    pub(crate) next_run_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    holder: Option<Uuid>,
    lease_until: Option<i64>,
    marks: Option<String>,
    next_run_at: i64,
}

/// The state of a provider's synchronisation. Returns `None` before its first run.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Option<SyncState>> {
    const SQL: &str = "SELECT holder, lease_until, marks, next_run_at FROM vestibule_sync_state WHERE idp_id = $1";
    let row: Option<StateRow> = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_optional(&mut **c).await?);
    let Some(StateRow { holder, lease_until, marks, next_run_at }) = row else { return Ok(None) };
    let marks = marks.map(|marks| serde_json::from_str(&marks)).transpose();
    Ok(Some(SyncState {
        holder: holder.zip(lease_until).map(|(holder, until)| (SyncLogId(holder), Timestamp(until))),
        marks: marks.map_err(|error| corrupt("vestibule_sync_state", "marks", provider, error))?,
        next_run_at: Timestamp(next_run_at),
    }))
}

/// Gives a run the lease of a provider. Returns false while another run holds it.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.claim")]
pub(crate) async fn claim(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    run: SyncLogId,
    now: Timestamp,
    until: Timestamp,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO vestibule_sync_state (idp_id, holder, lease_until, cancelled, next_run_at) \
        VALUES ($1, $2, $3, FALSE, 0) ON CONFLICT (idp_id) DO UPDATE \
        SET holder = excluded.holder, lease_until = excluded.lease_until, cancelled = FALSE \
        WHERE vestibule_sync_state.holder IS NULL OR vestibule_sync_state.lease_until < $4";
    let done = on!(conn, c => sqlx::query(SQL).bind(provider.0).bind(run.0).bind(until.0).bind(now.0)
        .execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}

/// Shortens leases that last beyond `latest`. They were written before the clock was set back, and would block the provider
/// until the clock has caught up. A live run renews its own in time.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.shorten_leases")]
pub(crate) async fn shorten_leases(conn: &mut Conn<'_>, latest: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET lease_until = $1 WHERE lease_until > $1";
    on!(conn, c => { sqlx::query(SQL).bind(latest.0).execute(&mut **c).await?; });
    Ok(())
}

/// What a run learns when it renews its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lease {
    /// The run may go on.
    Held,
    /// An administrator cancelled the run.
    Cancelled,
    /// The provider was disabled or deleted.
    ProviderGone,
    /// Another run holds the provider.
    Lost,
}

/// Renews a lease. No other run can get it until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.renew")]
pub(crate) async fn renew(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    run: SyncLogId,
    until: Timestamp,
) -> StoreResult<Lease> {
    const RENEW: &str = "UPDATE vestibule_sync_state SET lease_until = $1 WHERE idp_id = $2 AND holder = $3";
    const LOOK: &str = "SELECT s.cancelled, p.enabled, p.deleted_at FROM vestibule_sync_state s \
        JOIN vestibule_identity_providers p ON p.id = s.idp_id WHERE s.idp_id = $1";
    let done = on!(&mut *conn, c => sqlx::query(RENEW).bind(until.0).bind(provider.0).bind(run.0)
        .execute(&mut **c).await?.rows_affected());
    if done != 1 {
        return Ok(Lease::Lost);
    }
    let row: Option<(bool, bool, Option<i64>)> =
        on!(conn, c => sqlx::query_as(LOOK).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(match row {
        Some((true, ..)) => Lease::Cancelled,
        Some((false, true, None)) => Lease::Held,
        Some(_) | None => Lease::ProviderGone,
    })
}

/// Releases a lease. Returns false when another run holds the provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.release")]
pub(crate) async fn release(conn: &mut Conn<'_>, provider: ProviderId, run: SyncLogId) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_sync_state SET holder = NULL, lease_until = NULL, cancelled = FALSE \
        WHERE idp_id = $1 AND holder = $2";
    Ok(on!(conn, c => sqlx::query(SQL).bind(provider.0).bind(run.0).execute(&mut **c).await?.rows_affected()) == 1)
}

/// Releases all leases.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.release_all")]
pub(crate) async fn release_all(conn: &mut Conn<'_>) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET holder = NULL, lease_until = NULL, cancelled = FALSE \
        WHERE holder IS NOT NULL";
    on!(conn, c => { sqlx::query(SQL).execute(&mut **c).await?; });
    Ok(())
}

/// Marks the run that holds a provider as cancelled. Returns which, when there is one.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.cancel")]
pub(crate) async fn cancel(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    now: Timestamp,
) -> StoreResult<Option<SyncLogId>> {
    const SQL: &str = "UPDATE vestibule_sync_state SET cancelled = TRUE \
        WHERE idp_id = $1 AND holder IS NOT NULL AND lease_until >= $2 RETURNING holder";
    let row: Option<(Uuid,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(provider.0).bind(now.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(holder,)| SyncLogId(holder)))
}

/// Stores what a run leaves for the next one.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.put_marks")]
pub(crate) async fn put_marks(conn: &mut Conn<'_>, provider: ProviderId, marks: &Marks) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET marks = $1 WHERE idp_id = $2";
    let marks =
        serde_json::to_string(marks).map_err(|error| corrupt("vestibule_sync_state", "marks", provider, error))?;
    on!(conn, c => { sqlx::query(SQL).bind(marks).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Forgets what earlier runs left, so that the next one reads everything. For the run that holds the provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.forget_marks")]
pub(crate) async fn forget_marks(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET marks = NULL WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Sets whether users came, went or moved since the members of groups were resolved.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.set_members_stale")]
pub(crate) async fn set_members_stale(conn: &mut Conn<'_>, provider: ProviderId, is_stale: bool) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET members_stale = $1 WHERE idp_id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(is_stale).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Whether users came, went or moved since the members of groups were resolved.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.are_members_stale")]
pub(crate) async fn are_members_stale(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<bool> {
    const SQL: &str = "SELECT members_stale FROM vestibule_sync_state WHERE idp_id = $1";
    let row: Option<(bool,)> = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.is_none_or(|(is_stale,)| is_stale))
}

/// Sets when the schedule runs a provider next.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.set_next_run")]
pub(crate) async fn set_next_run(conn: &mut Conn<'_>, provider: ProviderId, at: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_state SET next_run_at = $1 WHERE idp_id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(at.0).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// Claims a provider that was due at `seen`: it is not due again before `until`. Returns false when another node was
/// faster.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.claim_schedule")]
pub(crate) async fn claim_schedule(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    seen: Option<Timestamp>,
    until: Timestamp,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO vestibule_sync_state (idp_id, cancelled, next_run_at) VALUES ($1, FALSE, $2) \
        ON CONFLICT (idp_id) DO UPDATE SET next_run_at = excluded.next_run_at \
        WHERE vestibule_sync_state.next_run_at = $3";
    let seen = seen.map(|at| at.0);
    let done = on!(conn, c => sqlx::query(SQL).bind(provider.0).bind(until.0).bind(seen).execute(&mut **c).await?
        .rows_affected());
    Ok(done == 1)
}

/// Enabled directories that are due on schedule, and since when. Those that have waited longest come first. A provider
/// whose next run is later than its interval and `claim_seconds` from now was scheduled before the clock was set back, and
/// is due too.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_state.list_due")]
pub(crate) async fn list_due(
    conn: &mut Conn<'_>,
    now: Timestamp,
    claim_seconds: i64,
    limit: u32,
) -> StoreResult<Vec<(ProviderId, Option<Timestamp>)>> {
    // The settings are JSON, which each database reads in its own way.
    let (is_scheduled, minutes) = match conn {
        Conn::Sqlite(_) => (
            "json_extract(p.config, '$.ldap.sync.enabled') = 1",
            "json_extract(p.config, '$.ldap.sync.interval_minutes')",
        ),
        Conn::Postgres(_) => (
            "(p.config::jsonb #>> '{ldap,sync,enabled}') = 'true'",
            "(p.config::jsonb #>> '{ldap,sync,interval_minutes}')::bigint",
        ),
    };
    let latest = now.plus_seconds(claim_seconds);
    let sql = format!(
        "SELECT p.id, s.next_run_at FROM vestibule_identity_providers p LEFT JOIN vestibule_sync_state s ON s.idp_id = p.id \
         WHERE p.deleted_at IS NULL AND p.enabled = TRUE AND p.protocol = 'ldap' AND {is_scheduled} \
         AND (s.next_run_at IS NULL OR s.next_run_at <= $1 OR s.next_run_at > $2 + {minutes} * 60000000) \
         ORDER BY COALESCE(s.next_run_at, 0), p.id LIMIT $3"
    );
    let rows: Vec<(Uuid, Option<i64>)> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.0)
        .bind(latest.0).bind(i64::from(limit)).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id, at)| (ProviderId(id), at.map(Timestamp))).collect())
}
