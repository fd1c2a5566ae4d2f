//! The state of the synchronisation, its runs, and starting one.

use leptos::{ev, prelude::*};

use super::{
    card::draw,
    monitor::SyncMonitor,
    navigation::{HEADING, keep_focus, run_path},
    progress::{PROGRESS, SyncProgress},
    start::use_start,
};
use crate::{
    api::{display::DisplayRow, syncs::SyncSummary, table::Listed},
    domain::sync::{SyncOptions, WantedMode},
    ui::{
        components::{
            Button, Callout, Card, Choice, ColumnContent, ErrorState, Listing, SelectField, Skeleton, Tone, Variant,
            listing, load_rows,
        },
        pages::providers::{detail::state::ProviderState, testing::DurationChart},
        state::{use_go, use_query},
    },
};

const PAGE_SIZE: u32 = 20;

/// The state of a provider's synchronisation, and its runs.
#[component]
pub(super) fn SyncHome(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let query = use_query();
    let go = use_go();
    let page = Memo::new(move |_| query.page());
    let runs = load_rows(PAGE_SIZE, Box::new(move || (Listed::Runs(state.id), page.get())));
    let begins = RwSignal::new(false);
    let monitor = SyncMonitor::watch(state.id, begins);
    let start = use_start(
        state,
        Callback::new(move |run: DisplayRow| {
            // A run that ended within the call is shown. A longer one continues, and appears in the list later.
            match run.state {
                Some(_) => go.to(&run_path(state, run.id)),
                None => monitor.refetch(),
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
    let mode = RwSignal::new("auto".to_owned());
    let run = move |dry_run| {
        let mode = match mode.get_untracked().as_str() {
            "full" => WantedMode::Full,
            "delta" => WantedMode::Delta,
            _ => WantedMode::Auto,
        };
        start.run(SyncOptions { mode, dry_run, confirmed_vanished: None });
    };
    let modes = vec![
        Choice::new("auto", "Changes only, full when needed"),
        Choice::new("full", "Everything"),
        Choice::new("delta", "Changes only"),
    ];
    let may_start = move || state.may_edit() && !monitor.is_running.get();
    // The chart covers the last runs, so it is shown on the first page only.
    let chart = move || {
        let is_first = page.get() == 1;
        if is_first { runs.and_then(|page| chart(&page.items))?.ok() } else { None }
    };
    let columns = vec![
        ("Run", ColumnContent::Name(Some(run_path(state, "")))),
        ("Status", ColumnContent::State),
        ("Result", ColumnContent::Text(0)),
        ("Started by", ColumnContent::Text(1)),
        ("When", ColumnContent::Time),
        ("Duration", ColumnContent::Duration),
    ];
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
                {listing(runs, Listing {
                    noun: "run",
                    columns,
                    size: PAGE_SIZE,
                    empty: ("No runs yet", "Each run is listed here with its result."),
                    filters: &[],
                })}
            </Card>
        </div>
    }
}

/// The runs that ended, a bar for each.
fn chart(rows: &[DisplayRow]) -> AnyView {
    let ends = rows.iter().filter_map(|row| row.state.zip(row.ms)).collect::<Vec<_>>();
    (!ends.is_empty()).then(|| view! { <DurationChart ends noun="run" /> }).into_any()
}

/// The facts about the directory and its runs, a skeleton, or an error.
fn facts(state: ProviderState, monitor: SyncMonitor) -> AnyView {
    let Some(SyncSummary { facts, .. }) = monitor.shown.get() else {
        return match monitor.failure.get() {
            Some(error) => {
                view! { <ErrorState error on_retry=Callback::new(move |()| monitor.refetch()) /> }.into_any()
            }
            None => view! { <Skeleton count=3 /> }.into_any(),
        };
    };
    draw(state, facts)
}
