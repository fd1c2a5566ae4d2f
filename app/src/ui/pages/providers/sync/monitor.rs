//! The state of the synchronisation, polled while a run is in progress.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{
        ApiError,
        display::DisplayRow,
        syncs::{SyncSummary, get_sync_summary},
    },
    domain::{actor::Permission, id::ProviderId},
    ui::{
        pages::providers::detail::state::ProviderState,
        routes::{self, ProviderTab},
        state::{Load, use_load},
    },
};

/// The polling interval.
const EVERY: Duration = Duration::from_secs(1);

/// Loads the state of the synchronisation.
pub(super) fn load(provider: ProviderId) -> Load<SyncSummary> {
    use_load(move || get_sync_summary(provider))
}

/// The links of the facts: to users and groups for those who may see them, and to the last run if there is one.
pub(super) fn addresses(state: ProviderState, facts: &[DisplayRow]) -> Vec<(&'static str, String)> {
    let tab = ProviderTab::Sync.path(state.id);
    let mut addresses = Vec::new();
    if untrack(|| state.allows(Permission::ViewUsers)) {
        addresses.push(("Users", format!("{}?provider={}", routes::USERS, state.id)));
        addresses.push(("Groups", format!("{tab}?show=groups")));
    }
    if facts.iter().any(|fact| !fact.id.is_empty()) {
        addresses.push(("Last run", format!("{tab}?run=")));
    }
    addresses
}

/// The state of the synchronisation. It is kept while the server cannot be reached.
#[derive(Clone, Copy)]
pub(super) struct SyncMonitor {
    load: Load<SyncSummary>,
    /// What changes only between runs; `None` before the first response.
    pub(super) shown: RwSignal<Option<SyncSummary>>,
    /// The current run.
    pub(super) running: RwSignal<Option<DisplayRow>>,
    /// Whether a run is in progress.
    pub(super) is_running: RwSignal<bool>,
    /// The progress of the run: users read, and users expected.
    pub(super) seen: RwSignal<(u64, u64)>,
    /// The error of the last call.
    pub(super) failure: RwSignal<Option<ApiError>>,
    /// Counts the runs that ended while this was shown.
    pub(super) ended: RwSignal<u32>,
}

impl SyncMonitor {
    /// Loads the state now, and again after each response while a run is in progress or `expected` says that one is
    /// starting. It ends with the view.
    pub(super) fn watch(provider: ProviderId, expected: RwSignal<bool>) -> Self {
        let load = load(provider);
        let monitor = Self {
            load,
            shown: RwSignal::new(None),
            running: RwSignal::new(None),
            is_running: RwSignal::new(false),
            seen: RwSignal::new((0, 0)),
            failure: RwSignal::new(None),
            ended: RwSignal::new(0),
        };
        let timer = StoredValue::new_local(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        };
        Effect::new(move || monitor.take(load.get()));
        Effect::new(move || {
            load.track();
            stop();
            // State from before an outage is loaded again.
            let is_lost = monitor.failure.with(Option::is_some) && monitor.shown.with(Option::is_some);
            if is_lost || expected.get() || monitor.is_running.get() {
                timer.set_value(set_timeout_with_handle(move || load.refetch(), EVERY).ok());
            }
        });
        on_cleanup(stop);
        monitor
    }

    /// Loads the state again now.
    pub(super) fn refetch(self) {
        self.load.refetch();
    }

    fn take(self, answer: Option<Result<SyncSummary, ApiError>>) {
        let mut monitor = match answer {
            None => return,
            Some(Err(error)) => return self.failure.set(Some(error)),
            Some(Ok(monitor)) => monitor,
        };
        if untrack(|| self.failure.with(Option::is_some)) {
            self.failure.set(None);
        }
        let was_running = self.is_running.get_untracked();
        let running = monitor.running.take();
        let is_running = running.is_some();
        self.seen.set((std::mem::take(&mut monitor.seen), monitor.users));
        self.running.set(running);
        if was_running != is_running {
            self.is_running.set(is_running);
        }
        if was_running && !is_running {
            self.ended.update(|ended| *ended += 1);
        }
        // Redrawn only when something changed: a link in it may have the focus.
        let is_new = self.shown.with_untracked(|shown| match shown {
            None => true,
            Some(shown) => !is_running && *shown != monitor,
        });
        if is_new {
            self.shown.set(Some(monitor));
        }
    }
}
