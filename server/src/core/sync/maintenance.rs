//! Closing the logs of runs whose node died, and removing old logs.

use std::sync::Arc;

use vestibule_app::domain::{
    id::ProviderId,
    sync::{SyncFailure, SyncFailureCode, SyncMode, SyncStatus},
    timestamp::Timestamp,
};

use super::lease::LEASE_SECONDS;
use crate::{
    clock::Clock,
    store::{Conn, Store, StoreResult, syncs as rows},
};

/// How many days logs are kept.
const KEEP_DAYS: i64 = 90;

/// Keeps the logs of runs complete and few.
#[derive(Clone)]
pub(crate) struct LogMaintenance {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

impl LogMaintenance {
    /// Closes the logs of runs that did not renew their lease in time.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.close_interrupted")]
    pub(crate) async fn close_interrupted(&self) -> StoreResult<()> {
        let mut tx = self.store.begin().await?;
        let closed = close_logs(&mut tx.conn(), self.clock.now(), None).await?;
        tx.commit().await?;
        if closed > 0 {
            tracing::info!(closed, "closed the logs of synchronisations that were interrupted");
        }
        Ok(())
    }

    /// Releases the leases of all runs and closes their logs. Call it only where no other process serves from the
    /// database and this one has started no run yet: the processes of all runs that seem to go on are dead then.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.close_all")]
    pub(crate) async fn close_all(&self) -> StoreResult<()> {
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        rows::release_all(conn).await?;
        let closed = close_logs(conn, self.clock.now(), None).await?;
        tx.commit().await?;
        if closed > 0 {
            tracing::info!(closed, "closed the logs of synchronisations that a process before this one left behind");
        }
        Ok(())
    }

    /// Removes logs older than 90 days.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.purge_logs")]
    pub(crate) async fn purge_logs(&self) -> StoreResult<()> {
        let before = self.clock.now().plus_seconds(-KEEP_DAYS * 24 * 60 * 60);
        let mut tx = self.store.begin_long().await?;
        let removed = rows::delete_old(&mut tx.conn(), before).await?;
        tx.commit().await?;
        if removed > 0 {
            tracing::info!(removed, "removed old synchronisation logs");
        }
        Ok(())
    }
}

/// Closes logs without a valid lease, of one provider or of all. Returns how many.
pub(super) async fn close_logs(conn: &mut Conn<'_>, now: Timestamp, provider: Option<ProviderId>) -> StoreResult<u64> {
    let mut closed = 0;
    rows::shorten_leases(conn, now.plus_seconds(LEASE_SECONDS)).await?;
    for mut log in rows::list_abandoned(conn, provider, now).await? {
        log.status = SyncStatus::Failed;
        log.finished_at = Some(now);
        // A run has a position only after it decided between full and delta.
        let was_full = log.mode == SyncMode::Full && !log.dry_run && log.cursor.after.take().is_some();
        let message = "The server that ran it stopped, or could not write how it ended. What was counted until then \
                       is stored; the next run goes on.";
        log.failure = Some(SyncFailure { code: SyncFailureCode::Interrupted, message: message.to_owned() });
        if rows::finish(conn, &log).await? {
            if was_full {
                rows::forget_marks(conn, log.provider).await?;
            }
            rows::release(conn, log.provider, log.id).await?;
            closed += 1;
        }
    }
    Ok(closed)
}
