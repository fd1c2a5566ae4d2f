//! Work beside requests: removes what has expired, tests connections and synchronises directories on schedule.
//!
//! A failing round is logged, and the next one tries again. What a round does is the services' work.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::MissedTickBehavior};

use crate::core::{AttemptPurge, AuditService, ConnectionService, SessionService, SignInService, SyncService, random};

/// The services with work beside requests.
pub(crate) struct Jobs {
    pub(crate) audit: Arc<AuditService>,
    pub(crate) connections: ConnectionService,
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) sign_ins: Arc<SignInService>,
    pub(crate) attempts: AttemptPurge,
    pub(crate) syncs: SyncService,
}

/// How often expired rows are removed.
const PURGE_EVERY: Duration = Duration::from_secs(10 * 60);

/// How often the schedules are read.
const SCHEDULE_EVERY: Duration = Duration::from_secs(60);

/// The longest delay of the first round. Nodes share the work through the database, so that a few seconds are enough for
/// those that start together not to take the same rows.
const SPREAD: Duration = Duration::from_secs(4);

impl Jobs {
    /// Removes expired rows until the future is dropped; audit entries after so many days, 0 keeps them.
    pub(crate) async fn housekeeping(&self, audit_retention_days: u32) {
        // In a thread of its own, so that nothing waits for it. It cannot fail.
        drop(tokio::task::spawn_blocking(random::warm_up));
        let mut timer = tokio::time::interval(PURGE_EVERY);
        loop {
            timer.tick().await;
            if let Err(error) = self.sessions.purge().await {
                tracing::warn!(%error, "could not remove old sessions");
            }
            if let Err(error) = self.sign_ins.purge().await {
                tracing::warn!(%error, "could not remove old sessions of users");
            }
            if let Err(error) = self.attempts.purge().await {
                tracing::warn!(%error, "could not remove old traces of sign-ins");
            }
            if let Err(error) = self.connections.purge.purge().await {
                tracing::warn!(%error, "could not remove old connection tests");
            }
            if let Err(error) = self.syncs.maintenance.purge_logs().await {
                tracing::warn!(%error, "could not remove old synchronisation logs");
            }
            if audit_retention_days > 0
                && let Err(error) = self.audit.purge(audit_retention_days).await
            {
                tracing::warn!(%error, "could not remove old audit entries");
            }
        }
    }

    /// Tests the connections that are due until the future is dropped.
    pub(crate) async fn connection_tests(&self) {
        if self.connections.schedule.interval_minutes() == 0 {
            return std::future::pending().await;
        }
        let mut timer = schedule_timer().await;
        loop {
            timer.tick().await;
            match self.connections.schedule.test_due().await {
                Ok(0) => {}
                Ok(tested) => tracing::debug!(tested, "tested the connections that were due"),
                Err(error) => tracing::warn!(%error, "could not test the connections that are due"),
            }
        }
    }

    /// Synchronises the directories that are due until the future is dropped, and closes the logs of interrupted runs.
    pub(crate) async fn syncs(&self) {
        let mut timer = schedule_timer().await;
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                _ = timer.tick() => {
                    if let Err(error) = self.syncs.maintenance.close_interrupted().await {
                        tracing::warn!(%error, "could not close the logs of interrupted synchronisations");
                    }
                }
                // One that ended makes room for another.
                Some(_) = running.join_next() => {}
            }
            match self.syncs.schedule.start_due(&mut running).await {
                Ok(begun) => tracing::debug!(begun, "looked which directories are due"),
                Err(error) => tracing::warn!(%error, "could not synchronise the directories that are due"),
            }
        }
    }
}

/// A timer for a schedule, after a random delay: nodes that start together do not read the schedule together.
async fn schedule_timer() -> tokio::time::Interval {
    tokio::time::sleep(SPREAD * u32::from(random::fraction()) / 256).await;
    let mut timer = tokio::time::interval(SCHEDULE_EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    timer
}
