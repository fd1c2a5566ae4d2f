//! The state of the synchronisation, polled while a run is in progress.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    api::{ApiError, syncs::get_sync_overview},
    domain::{
        id::ProviderId,
        sync::{SyncLog, SyncOverview},
        timestamp::Timestamp,
    },
    ui::state::{Load, use_load},
};

/// The polling interval.
const EVERY: Duration = Duration::from_secs(1);

/// What changes only between runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SyncFacts {
    /// How many users the directory has.
    pub(super) users: u64,
    /// How many groups the directory has.
    pub(super) groups: u64,
    /// The current run, else the last one.
    pub(super) newest: Option<SyncLog>,
    /// When the schedule runs it next.
    pub(super) next_run: Option<Timestamp>,
}

impl SyncFacts {
    pub(super) fn of(overview: &SyncOverview) -> Self {
        let SyncOverview { as_of: _, running, last, next_run, users, groups } = overview;
        let newest = running.as_ref().or(last.as_ref()).cloned();
        Self { users: *users, groups: *groups, newest, next_run: *next_run }
    }
}

/// The progress of the current run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RunProgress {
    /// Its log with the counts so far.
    pub(super) log: SyncLog,
    /// How many users it is expected to read: as many as the directory had.
    pub(super) expected: u64,
    /// For how long it has been running, in milliseconds.
    pub(super) ms: u64,
}

impl RunProgress {
    fn of(overview: SyncOverview) -> Option<Self> {
        let SyncOverview { as_of, running, users: expected, .. } = overview;
        let log = running?;
        let ms = u64::try_from(as_of.0.saturating_sub(log.started_at.0) / 1000).unwrap_or_default();
        Some(Self { log, expected, ms })
    }
}

/// The state of the synchronisation. It is kept while the server cannot be reached.
#[derive(Clone, Copy)]
pub(super) struct SyncMonitor {
    load: Load<SyncOverview>,
    /// What changes only between runs; `None` before the first response.
    pub(super) shown: RwSignal<Option<SyncFacts>>,
    /// The current run.
    pub(super) running: RwSignal<Option<RunProgress>>,
    /// Whether a run is in progress.
    pub(super) is_running: RwSignal<bool>,
    /// The error of the last call.
    pub(super) failure: RwSignal<Option<ApiError>>,
    /// Counts the runs that ended while this was shown.
    pub(super) ended: RwSignal<u32>,
}

impl SyncMonitor {
    /// Loads the state now, and again after each response while a run is in progress or `expected` says that one is
    /// starting. It ends with the view.
    pub(super) fn watch(provider: ProviderId, expected: RwSignal<bool>) -> Self {
        let load = use_load(move || get_sync_overview(provider));
        let monitor = Self {
            load,
            shown: RwSignal::new(None),
            running: RwSignal::new(None),
            is_running: RwSignal::new(false),
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

    fn take(self, answer: Option<Result<SyncOverview, ApiError>>) {
        let overview = match answer {
            None => return,
            Some(Err(error)) => return self.failure.set(Some(error)),
            Some(Ok(overview)) => overview,
        };
        if untrack(|| self.failure.with(Option::is_some)) {
            self.failure.set(None);
        }
        let was_running = self.is_running.get_untracked();
        let facts = SyncFacts::of(&overview);
        let is_running = overview.running.is_some();
        self.running.set(RunProgress::of(overview));
        if was_running != is_running {
            self.is_running.set(is_running);
        }
        if was_running && !is_running {
            self.ended.update(|ended| *ended += 1);
        }
        // Redrawn only when something changed: a link in it may have the focus.
        let is_new = self.shown.with_untracked(|shown| match shown {
            None => true,
            Some(shown) => !is_running && *shown != facts,
        });
        if is_new {
            self.shown.set(Some(facts));
        }
    }
}
