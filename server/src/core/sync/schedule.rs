//! Running the providers that are due.
//!
//! Nodes share the schedule through a table: a node takes a provider by moving the moment of its next run, which only one
//! of them succeeds in.

use std::sync::Arc;

use tokio::task::JoinSet;
use vestibule_app::{
    domain::{
        id::ProviderId,
        problem::ServiceError,
        sync::{SyncOptions, SyncTrigger},
    },
    service::ServiceResult,
};

use super::{running::Running, start::RunStarter};
use crate::{
    clock::Clock,
    core::permission::scheduler,
    store::{Store, syncs as rows},
};

/// How many scheduled runs each node executes at once.
const AT_ONCE: usize = 2;

/// For how long a provider is not due again when its run could not start.
const CLAIM_SECONDS: i64 = 15 * 60;

/// Starts the runs that are due.
#[derive(Clone)]
pub(crate) struct SyncSchedule {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) running: Arc<Running>,
    pub(super) starter: RunStarter,
}

impl SyncSchedule {
    /// Synchronises every directory that is due, a few at a time. Returns how many.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.run_due")]
    pub(crate) async fn run_due(&self) -> ServiceResult<u64> {
        let mut done = 0;
        let mut running = JoinSet::new();
        loop {
            let started = self.start_due(&mut running).await?;
            done += started;
            if running.join_next().await.is_none() && started == 0 {
                return Ok(done);
            }
        }
    }

    /// Starts runs of directories that are due, as many as fit beside those in `running`. Returns how many. A long run
    /// delays no other directory while there is room.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.start_due")]
    pub(crate) async fn start_due(&self, running: &mut JoinSet<()>) -> ServiceResult<u64> {
        while running.try_join_next().is_some() {}
        let room = AT_ONCE.saturating_sub(running.len());
        if room == 0 || self.running.is_closed() {
            return Ok(0);
        }
        let mut started = 0;
        for provider in self.claim_due(u32::try_from(room).unwrap_or(1)).await? {
            let starter = self.starter.clone();
            // A trace of its own: the run goes on after this call.
            running.spawn(async move { run_scheduled(&starter, provider).await });
            started += 1;
        }
        Ok(started)
    }

    async fn claim_due(&self, limit: u32) -> ServiceResult<Vec<ProviderId>> {
        let now = self.clock.now();
        let mut due = {
            let mut read = self.store.read().await?;
            rows::list_due(&mut read.conn(), now, CLAIM_SECONDS, limit).await?
        };
        if due.is_empty() {
            return Ok(Vec::new());
        }
        // The same order on every node, so that nodes never deadlock.
        due.sort_unstable();
        let mut claimed = Vec::new();
        let mut tx = self.store.begin().await?;
        for (provider, seen) in due {
            if rows::claim_schedule(&mut tx.conn(), provider, seen, now.plus_seconds(CLAIM_SECONDS)).await? {
                claimed.push(provider);
            }
        }
        tx.commit().await?;
        Ok(claimed)
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "core.sync.run_scheduled", fields(%provider))]
async fn run_scheduled(starter: &RunStarter, provider: ProviderId) {
    match starter.claim(&scheduler(), SyncTrigger::Scheduled, provider, SyncOptions::default()).await {
        Ok(run) => run.execute().await,
        // An administrator started a run meanwhile, or deleted the provider.
        Err(ServiceError::AlreadyRunning { .. } | ServiceError::NotFound { .. }) => {}
        Err(error) => tracing::warn!(%error, %provider, "could not begin a scheduled synchronisation"),
    }
}
