//! The state of the synchronisation, its runs, and starting one.

use leptos::{ev, prelude::*};

use super::{
    card::SyncDetails,
    history::{PAGE_SIZE, RunChart, SyncHistory},
    monitor::SyncMonitor,
    navigation::{HEADING, keep_focus, run_path},
    progress::{PROGRESS, SyncProgress},
    start::use_start,
};
use crate::{
    api::syncs::list_sync_logs,
    domain::{
        page::PageRequest,
        sync::{SyncLog, SyncOptions, SyncStatus, WantedMode},
    },
    ui::{
        components::{Button, Callout, Card, Choice, ErrorState, SelectField, Skeleton, Tone, Variant},
        pages::providers::detail::state::ProviderState,
        state::{use_go, use_load, use_query},
    },
};

/// The state of a provider's synchronisation, and its runs.
#[component]
pub(super) fn SyncHome(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let query = use_query();
    let go = use_go();
    let page = Memo::new(move |_| query.page());
    let runs = use_load(move || list_sync_logs(state.id, PageRequest::numbered(page.get(), PAGE_SIZE)));
    let begins = RwSignal::new(false);
    let monitor = SyncMonitor::watch(state.id, begins);
    let start = use_start(
        state,
        Callback::new(move |log: SyncLog| {
            // A run that ended within the call is shown. A longer one continues, and appears in the list later.
            match log.status {
                SyncStatus::Running => monitor.refetch(),
                _ => go.to(&run_path(state, log.id)),
            }
        }),
    );
    Effect::new(move || begins.set(start.busy.get()));
    // The buttons are replaced by the progress while a run is in progress.
    Effect::new(move || {
        if monitor.is_running.get() && begins.get_untracked() {
            keep_focus(PROGRESS);
        }
    });
    // A start that failed because of another run shows that run.
    Effect::new(move || {
        if start.error.with(Option::is_some) {
            monitor.refetch();
        }
    });
    Effect::new(move || {
        if monitor.ended.get() > 0 {
            runs.refetch();
            keep_focus(HEADING);
        }
    });
    // Runs started elsewhere are loaded when the window gets the focus; polling would keep the session alive.
    let back = window_event_listener(ev::focus, move |_| {
        monitor.refetch();
        runs.refetch();
    });
    on_cleanup(move || back.remove());
    let mode = RwSignal::new(WantedMode::default().as_str().to_owned());
    let run = move |dry_run| {
        // The input offers only names of modes.
        let mode = mode.get_untracked().parse().unwrap_or_default();
        start.run(SyncOptions { mode, dry_run, confirmed_vanished: None });
    };
    let modes = WantedMode::NAMES.iter().map(|(name, label)| Choice::new(*name, *label)).collect::<Vec<_>>();
    let may_start = move || state.may_edit() && !monitor.is_running.get();
    // The chart covers the last runs, so it is shown on the first page only.
    let chart = move || {
        let is_first = page.get() == 1;
        let logs = if is_first { runs.and_then(|page| page.items.clone()).and_then(Result::ok) } else { None };
        logs.map(|runs| view! { <RunChart runs /> })
    };
    view! {
        <div class="provider-cards">
            <Card title="Synchronise" lead="Imports users and groups of the directory. A dry run reads everything and lists what would change, without writing anything.">
                {move || facts(state, monitor)}
                {move || {
                    let is_lost = monitor.failure.with(Option::is_some) && monitor.shown.with(Option::is_some);
                    is_lost.then(|| view! { <Callout tone=Tone::Warning title="The server does not respond. Retrying." /> })
                }}
                <Show when=move || monitor.is_running.get()>
                    <SyncProgress state monitor />
                </Show>
                <Show when=may_start>
                    <SelectField label="Read" name="mode" value=mode choices=modes.clone() />
                    <p class="card-actions">
                        <Button variant=Variant::Primary busy=start.busy on_click=move |()| run(false)>"Synchronise now"</Button>
                        <Button busy=start.busy on_click=move |()| run(true)>"Dry run"</Button>
                    </p>
                </Show>
                {move || start.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
            </Card>
            <Card title="Runs">
                {chart}
                <SyncHistory state runs />
            </Card>
        </div>
    }
}

/// The facts about the directory and its runs, a skeleton, or an error.
fn facts(state: ProviderState, monitor: SyncMonitor) -> AnyView {
    let Some(facts) = monitor.shown.get() else {
        return match monitor.failure.get() {
            Some(error) => {
                view! { <ErrorState error on_retry=Callback::new(move |()| monitor.refetch()) /> }.into_any()
            }
            None => view! { <Skeleton count=3 /> }.into_any(),
        };
    };
    view! { <SyncDetails state facts /> }.into_any()
}
