//! Which providers are due, what is left of runs whose node died, and how long logs are kept.
//!
//! Nodes share the schedule through a table: to take up a provider is to move the moment of its next run, which one node
//! alone can do.

use tokio::task::JoinSet;
use vestibule_app::{
    domain::{
        actor::{Actor, Identity},
        id::ProviderId,
        problem::ServiceError,
        sync::{SyncFailure, SyncFailureCode, SyncMode, SyncOptions, SyncStatus, SyncTrigger},
    },
    service::ServiceResult,
};

use super::SyncService;
use super::lease::LEASE_SECONDS;
use crate::store::{Conn, StoreResult, syncs as rows};

/// How many runs of the schedule go on at once, on each node.
const AT_ONCE: usize = 2;

/// For how long a provider that was taken up is left alone when its run cannot even begin.
const TAKEN_SECONDS: i64 = 15 * 60;

/// How many days logs are kept.
const KEEP_DAYS: i64 = 90;

impl SyncService {
    /// Synchronises every directory that is due, a few at a time; answers how many.
    pub(crate) async fn sync_due(&self) -> ServiceResult<u64> {
        let mut done = 0;
        let mut running = JoinSet::new();
        loop {
            let begun = self.begin_due_syncs(&mut running).await?;
            done += begun;
            if running.join_next().await.is_none() && begun == 0 {
                return Ok(done);
            }
        }
    }

    /// Begins runs of directories that are due, as many as may go on at once beside those that are `running`; answers how
    /// many. A long run keeps no other directory waiting while there is room.
    pub(crate) async fn begin_due_syncs(&self, running: &mut JoinSet<()>) -> ServiceResult<u64> {
        while running.try_join_next().is_some() {}
        let room = AT_ONCE.saturating_sub(running.len());
        if room == 0 || self.running.is_closed() {
            return Ok(0);
        }
        let mut begun = 0;
        for provider in self.take_up_syncs(u32::try_from(room).unwrap_or(1)).await? {
            let core = self.clone();
            running.spawn(async move { core.sync_on_schedule(provider).await });
            begun += 1;
        }
        Ok(begun)
    }

    async fn take_up_syncs(&self, most: u32) -> ServiceResult<Vec<ProviderId>> {
        let now = self.clock.now();
        let mut due = {
            let mut read = self.store.read().await?;
            rows::due(&mut read.conn(), now, TAKEN_SECONDS, most).await?
        };
        if due.is_empty() {
            return Ok(Vec::new());
        }
        // In one order everywhere, so that nodes never wait for each other in a circle.
        due.sort_unstable();
        let mut taken = Vec::new();
        let mut tx = self.store.begin().await?;
        for (provider, seen) in due {
            if rows::claim_schedule(&mut tx.conn(), provider, seen, now.plus_seconds(TAKEN_SECONDS)).await? {
                taken.push(provider);
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    async fn sync_on_schedule(&self, provider: ProviderId) {
        let options = SyncOptions::default();
        match self.take_for_sync(&nobody(), SyncTrigger::Scheduled, provider, options).await {
            Ok(run) => run.execute().await,
            // Somebody asked for a run meanwhile, or deleted the provider.
            Err(ServiceError::AlreadyRunning { .. } | ServiceError::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%error, %provider, "could not begin a scheduled synchronisation"),
        }
    }

    /// Ends the runs of this node and waits until their logs say so. None begins any more.
    pub(crate) async fn end_syncs(&self) {
        self.running.close().await;
    }

    /// Closes the logs of runs that were not heard of in time.
    pub(crate) async fn close_abandoned_syncs(&self) -> StoreResult<()> {
        let mut tx = self.store.begin().await?;
        let closed = self.close_abandoned(&mut tx.conn(), None).await?;
        tx.commit().await?;
        if closed > 0 {
            tracing::info!(closed, "closed the logs of synchronisations that were interrupted");
        }
        Ok(())
    }

    /// Ends the leases of all runs and closes their logs. For a process that knows that no other serves from its database
    /// and that has begun no run itself: whatever is said to run died with the process that ran it.
    pub(crate) async fn close_syncs_of_the_dead(&self) -> StoreResult<()> {
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        rows::release_all(conn).await?;
        let closed = self.close_abandoned(conn, None).await?;
        tx.commit().await?;
        if closed > 0 {
            tracing::info!(closed, "closed the logs of synchronisations that a process before this one left behind");
        }
        Ok(())
    }

    pub(super) async fn close_abandoned(&self, conn: &mut Conn<'_>, provider: Option<ProviderId>) -> StoreResult<u64> {
        let now = self.clock.now();
        let mut closed = 0;
        rows::shorten_leases(conn, now.plus_seconds(LEASE_SECONDS)).await?;
        for mut log in rows::abandoned(conn, provider, now).await? {
            log.status = SyncStatus::Failed;
            log.finished_at = Some(now);
            // It has a position only once it was decided what is read.
            let was_reading_everything =
                log.mode == SyncMode::Full && !log.dry_run && log.cursor.after.take().is_some();
            let message = "The server that ran it stopped, or could not write how it ended. What was counted until then \
                           is stored; the next run goes on.";
            log.failure = Some(SyncFailure { code: SyncFailureCode::Interrupted, message: message.to_owned() });
            if rows::finish(conn, &log).await? {
                if was_reading_everything {
                    rows::forget_marks(conn, log.provider).await?;
                }
                rows::release(conn, log.provider, log.id).await?;
                closed += 1;
            }
        }
        Ok(closed)
    }

    /// Removes logs that are older than they are kept.
    pub(crate) async fn purge_sync_logs(&self) -> StoreResult<()> {
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

/// A name for the records; it may do nothing.
fn nobody() -> Actor {
    Actor { identity: Identity::Host { name: "schedule".to_owned() }, grant: None, address: None }
}
