//! Keeping a provider for a run, and telling a run to end.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};
use vestibule_app::domain::id::{ProviderId, SyncLogId};

use super::SyncService;
use crate::store::syncs::{self as rows, Lease};

/// How long a provider is kept without asking for more time. A node that died leaves it to others after that; on SQLite,
/// where a process knows that it is alone, to the next start (`Core::close_syncs_of_the_dead`).
pub(super) const LEASE_SECONDS: i64 = 60;

/// How often more time is asked for.
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// Why a run ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Stop {
    /// Somebody wants it to.
    Cancelled,
    /// The provider was switched off or deleted.
    ProviderGone,
    /// Another run took the provider over, so nothing may be written any more.
    LeaseLost,
    /// This server is being stopped.
    ServerStops,
}

impl Stop {
    /// What asking for more time says.
    pub(super) const fn of(lease: Lease) -> Option<Self> {
        match lease {
            Lease::Held => None,
            Lease::Cancelled => Some(Self::Cancelled),
            Lease::ProviderGone => Some(Self::ProviderGone),
            Lease::Lost => Some(Self::LeaseLost),
        }
    }
}

type Signal = watch::Sender<Option<Stop>>;

/// The runs of this node, so that they end at once when the node itself is told.
#[derive(Default)]
pub(in crate::core) struct Running {
    signals: Mutex<HashMap<ProviderId, Arc<Signal>>>,
    /// How many runs are about to begin: they may hold their provider and have no signal yet.
    beginning: AtomicUsize,
    /// Whether runs end as soon as they begin.
    is_closed: AtomicBool,
    left: Notify,
}

/// A run that is about to begin, until it has or has not.
pub(super) struct Beginning<'a>(&'a Running);

impl Drop for Beginning<'_> {
    fn drop(&mut self) {
        self.0.beginning.fetch_sub(1, Ordering::SeqCst);
        self.0.left.notify_waiters();
    }
}

impl Running {
    /// Tells this node's run of a provider to end; does nothing when there is none.
    pub(in crate::core) fn stop(&self, provider: ProviderId, why: Stop) {
        if let Some(signal) = self.signals().get(&provider) {
            tell(signal, why);
        }
    }

    /// Whether no run begins any more.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// Lets a run begin, unless none may any more.
    pub(super) fn admit(&self) -> Option<Beginning<'_>> {
        // Counted before the look, so that a close in the meantime waits for it.
        self.beginning.fetch_add(1, Ordering::SeqCst);
        let beginning = Beginning(self);
        (!self.is_closed()).then_some(beginning)
    }

    /// Tells every run of this node to end, and those that begin from now on, and waits until they have.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.signals().values().for_each(|signal| tell(signal, Stop::ServerStops));
        loop {
            let left = self.left.notified();
            if self.beginning.load(Ordering::SeqCst) == 0 && self.signals().is_empty() {
                return;
            }
            left.await;
        }
    }

    fn signals(&self) -> MutexGuard<'_, HashMap<ProviderId, Arc<Signal>>> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, provider: ProviderId, signal: Arc<Signal>) {
        self.signals().insert(provider, signal.clone());
        if self.is_closed() {
            tell(&signal, Stop::ServerStops);
        }
    }

    fn leave(&self, provider: ProviderId, signal: &Arc<Signal>) {
        let mut signals = self.signals();
        if signals.get(&provider).is_some_and(|current| Arc::ptr_eq(current, signal)) {
            signals.remove(&provider);
            self.left.notify_waiters();
        }
    }
}

fn tell(signal: &Signal, why: Stop) {
    signal.send_if_modified(|now| now.is_none() && now.replace(why).is_none());
}

/// Asks for more time again and again, until it is dropped.
pub(super) struct Keeper {
    core: SyncService,
    provider: ProviderId,
    signal: Arc<Signal>,
    task: JoinHandle<()>,
}

impl Keeper {
    pub(super) fn begin(core: &SyncService, provider: ProviderId, run: SyncLogId) -> Self {
        let signal = Arc::new(Signal::new(None));
        core.running.enter(provider, signal.clone());
        let task = tokio::spawn(keep(core.clone(), provider, run, signal.clone()));
        Self { core: core.clone(), provider, signal, task }
    }

    /// Why the run is to end, once it is.
    pub(super) fn signal(&self) -> watch::Receiver<Option<Stop>> {
        self.signal.subscribe()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
        self.core.running.leave(self.provider, &self.signal);
    }
}

async fn keep(core: SyncService, provider: ProviderId, run: SyncLogId, signal: Arc<Signal>) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let renewed = async {
            let until = core.clock.now().plus_seconds(LEASE_SECONDS);
            let mut tx = core.store.begin().await?;
            let lease = rows::renew(&mut tx.conn(), provider, run, until).await?;
            tx.commit().await?;
            Ok::<_, crate::store::StoreError>(lease)
        };
        match renewed.await {
            // The next write asks again, and fails when it has become too late.
            Err(error) => tracing::warn!(%error, %provider, "could not renew the lease of a synchronisation"),
            Ok(lease) => {
                if let Some(why) = Stop::of(lease) {
                    tell(&signal, why);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn whoever_stops_runs_waits_for_one_that_holds_its_provider_and_has_not_begun() {
        let running = Running::default();
        let beginning = running.admit().expect("runs may begin");
        let mut closing = pin!(running.close());
        tokio::select! {
            biased;
            () = &mut closing => panic!("a run is about to begin"),
            () = std::future::ready(()) => {}
        }
        assert!(running.admit().is_none(), "none begins any more");
        drop(beginning);
        closing.await;
    }
}
