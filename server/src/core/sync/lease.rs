//! Keeping the lease of a run.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};
use vestibule_app::domain::id::{ProviderId, SyncLogId};

use super::running::{Running, Stop, StopSignal};
use crate::{
    clock::Clock,
    store::{Store, StoreResult, syncs as rows},
    trace_context,
};

/// How long a lease lasts without renewal. When a node dies, others can claim the provider after that; on SQLite, where
/// a process knows that it is alone, the next start releases it (`LogMaintenance::close_all`).
pub(super) const LEASE_SECONDS: i64 = 60;

const RENEW_EVERY: Duration = Duration::from_secs(15);

/// Renews the lease of a run until it is dropped, and stops the run when the lease is lost.
pub(super) struct LeaseKeeper {
    running: Arc<Running>,
    provider: ProviderId,
    signal: Arc<StopSignal>,
    task: JoinHandle<()>,
}

impl LeaseKeeper {
    pub(super) fn start(running: Arc<Running>, renewals: Renewals) -> Self {
        let signal = Arc::new(StopSignal::new());
        let provider = renewals.provider;
        running.add(provider, signal.clone());
        let task = tokio::spawn(trace_context::carried(renewals.repeat(signal.clone())));
        Self { running, provider, signal, task }
    }

    /// Holds the reason once the run is stopped.
    pub(super) fn stop_signal(&self) -> watch::Receiver<Option<Stop>> {
        self.signal.subscribe()
    }
}

impl Drop for LeaseKeeper {
    fn drop(&mut self) {
        self.task.abort();
        self.running.remove(self.provider, &self.signal);
    }
}

/// What renews the lease of a run.
pub(super) struct Renewals {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) provider: ProviderId,
    pub(super) run: SyncLogId,
}

impl Renewals {
    async fn repeat(self, signal: Arc<StopSignal>) {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            match self.renew().await {
                // The next write renews it too, and fails when the lease has run out.
                Err(error) => {
                    tracing::warn!(%error, provider = %self.provider, "could not renew the lease of a synchronisation");
                }
                Ok(None) => {}
                Ok(Some(why)) => return signal.stop(why),
            }
        }
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.renew_lease")]
    async fn renew(&self) -> StoreResult<Option<Stop>> {
        let until = self.clock.now().plus_seconds(LEASE_SECONDS);
        let mut tx = self.store.begin().await?;
        let lease = rows::renew(&mut tx.conn(), self.provider, self.run, until).await?;
        tx.commit().await?;
        Ok(Stop::of(lease))
    }
}
