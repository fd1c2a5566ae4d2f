//! The synchronisations that run on this node, and how they are stopped. Below `providers` and `sync`, which both use it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::sync::{Notify, watch};
use vestibule_app::domain::id::ProviderId;

use crate::store::syncs::Lease;

/// Why a run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::core) enum Stop {
    /// An administrator cancelled it.
    Cancelled,
    /// The provider was disabled or deleted.
    ProviderGone,
    /// Another run holds the provider, so this one must not write any more.
    LeaseLost,
    /// This server shuts down.
    ServerStops,
}

impl Stop {
    /// What the state of a lease means for its run.
    pub(super) const fn of(lease: Lease) -> Option<Self> {
        match lease {
            Lease::Held => None,
            Lease::Cancelled => Some(Self::Cancelled),
            Lease::ProviderGone => Some(Self::ProviderGone),
            Lease::Lost => Some(Self::LeaseLost),
        }
    }
}

/// Carries the reason to a run. The first reason stays.
pub(super) struct StopSignal(watch::Sender<Option<Stop>>);

impl StopSignal {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(super) fn stop(&self, why: Stop) {
        self.0.send_if_modified(|now| now.is_none() && now.replace(why).is_none());
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Option<Stop>> {
        self.0.subscribe()
    }
}

/// The runs of this node by provider, so that they stop at once. A run on another node learns of it when it renews its
/// lease.
#[derive(Default)]
pub(in crate::core) struct Running {
    signals: Mutex<HashMap<ProviderId, Arc<StopSignal>>>,
    /// How many runs are starting: they may hold a lease and have no signal yet.
    starting: AtomicUsize,
    /// Whether no run may start any more.
    is_closed: AtomicBool,
    ended: Notify,
}

/// Counts a run as starting until it is dropped.
pub(super) struct StartGuard<'a>(&'a Running);

impl Drop for StartGuard<'_> {
    fn drop(&mut self) {
        self.0.starting.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}

impl Running {
    /// Stops this node's run of a provider, if there is one.
    pub(in crate::core) fn stop(&self, provider: ProviderId, why: Stop) {
        if let Some(signal) = self.signals().get(&provider) {
            signal.stop(why);
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// Lets a run start. Returns `None` after [`Self::close`].
    pub(super) fn admit(&self) -> Option<StartGuard<'_>> {
        // Counted before the check, so that a concurrent close waits for it.
        self.starting.fetch_add(1, Ordering::SeqCst);
        let guard = StartGuard(self);
        (!self.is_closed()).then_some(guard)
    }

    /// Stops every run of this node, those that are starting too, and waits until all have ended.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        self.signals().values().for_each(|signal| signal.stop(Stop::ServerStops));
        loop {
            let ended = self.ended.notified();
            if self.starting.load(Ordering::SeqCst) == 0 && self.signals().is_empty() {
                return;
            }
            ended.await;
        }
    }

    pub(super) fn add(&self, provider: ProviderId, signal: Arc<StopSignal>) {
        self.signals().insert(provider, signal.clone());
        if self.is_closed() {
            signal.stop(Stop::ServerStops);
        }
    }

    pub(super) fn remove(&self, provider: ProviderId, signal: &Arc<StopSignal>) {
        let mut signals = self.signals();
        if signals.get(&provider).is_some_and(|current| Arc::ptr_eq(current, signal)) {
            signals.remove(&provider);
            self.ended.notify_waiters();
        }
    }

    fn signals(&self) -> MutexGuard<'_, HashMap<ProviderId, Arc<StopSignal>>> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn a_close_waits_for_a_run_that_holds_its_provider_and_has_not_begun() {
        let running = Running::default();
        let starting = running.admit().expect("runs may begin");
        let mut closing = pin!(running.close());
        tokio::select! {
            biased;
            () = &mut closing => panic!("a run is about to begin"),
            () = std::future::ready(()) => {}
        }
        assert!(running.admit().is_none(), "none begins any more");
        drop(starting);
        closing.await;
    }
}
