//! One run: its result, why it is incomplete, and its entries.

use leptos::prelude::*;

use super::{
    navigation::{all_runs_link, run_path},
    start::use_start,
};
use crate::{
    api::{
        display::DisplayRow,
        syncs::{SyncReport, get_sync_report},
        table::Listed,
    },
    domain::{
        id::SyncLogId,
        provider::{MissingUsers, ProviderConfig},
        sync::{EntryAction, EntryCode, SyncEntryFilter, SyncOptions, WantedMode},
        words::counted,
    },
    ui::{
        components::{
            Button, Card, Choice, ColumnContent, ConfirmDialog, DataView, Listing, StatusBadge, Variant, duration,
            facts, listing, load_rows, remarks, status_tone,
        },
        pages::{
            filters::{FilterBar, FilterSelect},
            providers::detail::state::ProviderState,
        },
        routes::ProviderTab,
        state::{use_go, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 50;

/// One run and its entries.
#[component]
pub(super) fn SyncRun(
    /// The provider.
    state: ProviderState,
    /// Which run.
    id: SyncLogId,
) -> impl IntoView {
    let query = use_query();
    let report = use_load(move || get_sync_report(state.id, id));
    let entries = load_rows(
        PAGE_SIZE,
        Box::new(move || {
            let filter = SyncEntryFilter { action: query.parse("action"), code: query.parse("code") };
            (Listed::Entries(state.id, id, filter), query.page())
        }),
    );
    let actions = std::iter::once(Choice::new("", "Anything"))
        .chain(EntryAction::ALL.iter().map(|action| Choice::new(action.as_str(), action.label())))
        .collect::<Vec<_>>();
    let codes = std::iter::once(Choice::new("", "Any"))
        .chain(EntryCode::ALL.iter().map(|code| Choice::new(code.as_str(), code.label())))
        .collect::<Vec<_>>();
    let columns = vec![
        ("Entry", ColumnContent::Name(None)),
        ("Kind", ColumnContent::Text(1)),
        ("Result", ColumnContent::State),
        ("Details", ColumnContent::Text(0)),
    ];
    view! {
        {all_runs_link()}
        <div class="provider-cards">
            <DataView resource=report skeleton=5 let:report>{summary(state, report)}</DataView>
            <Card title="Entries" lead="Unchanged entries are counted above and not listed.">
                <FilterBar>
                    <FilterSelect label="Result" key="action" choices=actions />
                    <FilterSelect label="Error" key="code" choices=codes />
                </FilterBar>
                {listing(entries, Listing {
                    noun: "entry",
                    columns,
                    size: PAGE_SIZE,
                    empty: ("No entries to show", "No user or group was changed."),
                    filters: &["action", "code"],
                })}
            </Card>
        </div>
    }
}

fn summary(state: ProviderState, report: SyncReport) -> AnyView {
    let SyncReport { run, facts: known, remarks: said, vanished } = report;
    let took = run.ms.map(|ms| view! { <span class="muted">{duration(ms)}</span> });
    let guard =
        vanished.filter(|_| untrack(|| state.may_edit())).map(|vanished| view! { <ConfirmVanished state vanished /> });
    view! {
        <Card title=run.name>
            <p class="badges"><StatusBadge tone=status_tone(run.state) label=run.label /> {took}</p>
            {remarks(said)}
            {guard}
            {facts(known, &[])}
        </Card>
    }
    .into_any()
}

/// The safeguard kept users; an administrator can confirm that they are gone.
#[component]
fn ConfirmVanished(
    /// The provider.
    state: ProviderState,
    /// How many users it kept.
    vanished: u64,
) -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let go = use_go();
    let run = use_start(
        state,
        Callback::new(move |run: DisplayRow| {
            is_asking.set(false);
            match run.state {
                Some(_) => go.to(&run_path(state, run.id)),
                None => go.to(&ProviderTab::Sync.path(state.id)),
            }
        }),
    );
    let options = SyncOptions { mode: WantedMode::Full, dry_run: false, confirmed_vanished: Some(vanished) };
    let policy = untrack(|| {
        let policy = state.read(|detail| match &detail.provider.config {
            ProviderConfig::Ldap(ldap) => Some(ldap.sync.missing_users),
            _ => None,
        });
        policy.flatten()
    });
    let (verb, fate) = match policy {
        Some(MissingUsers::Delete) => ("Delete", "is deleted, unless they are blocked or another directory has them"),
        Some(MissingUsers::Ignore) => ("Hand over", "is taken over by the entry with the same name or email address"),
        _ => ("Deactivate", "can no longer sign in"),
    };
    let verb = format!("{verb} {}", counted(vanished, "user"));
    let confirm = verb.clone();
    let text = format!(
        "A full run starts. Each user it does not find {fate}: up to {} in all. If more are missing by then, nobody is changed.",
        counted(vanished, "user")
    );
    view! {
        <p class="card-actions">
            <Button variant=Variant::Danger on_click=move |()| is_asking.set(true)>{verb}</Button>
        </p>
        <ConfirmDialog
            open=is_asking
            title="Confirm missing users"
            confirm=confirm
            busy=run.busy
            error=run.error
            on_confirm=move |()| run.run(options)
        >
            <p>{text.clone()}</p>
        </ConfirmDialog>
    }
}
