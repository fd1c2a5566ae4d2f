//! The entries of a run.

use leptos::prelude::*;

use super::words::{action_label, action_tone, entry_details, entry_name};
use crate::{
    api::syncs::list_sync_entries,
    domain::{
        id::SyncLogId,
        page::PageRequest,
        sync::{EntryAction, EntryCode, SyncEntry, SyncEntryFilter, SyncLog},
    },
    ui::{
        components::{Card, Choice, ErrorState, NameCell, PagedList, Skeleton, StatusBadge, Table, or_dash},
        pages::{
            filters::{FilterBar, FilterSelect},
            providers::detail::state::ProviderState,
        },
        state::{Load, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 50;

/// The entries of a run, filtered by the query. Whether they were applied is known from its log.
#[component]
pub(super) fn SyncEntries(
    /// The provider.
    state: ProviderState,
    /// Which run.
    id: SyncLogId,
    /// Its log.
    log: Load<SyncLog>,
) -> impl IntoView {
    let query = use_query();
    let entries = use_load(move || {
        let filter = SyncEntryFilter { action: query.parse("action"), code: query.parse("code") };
        list_sync_entries(state.id, id, filter, PageRequest::numbered(query.page(), PAGE_SIZE))
    });
    let actions = std::iter::once(Choice::new("", "Anything"))
        .chain(EntryAction::ALL.iter().map(|action| Choice::new(action.as_str(), action.label())))
        .collect::<Vec<_>>();
    let codes = std::iter::once(Choice::new("", "Any"))
        .chain(EntryCode::ALL.iter().map(|code| Choice::new(code.as_str(), code.label())))
        .collect::<Vec<_>>();
    let is_dry_run = Memo::new(move |_| log.and_then(|log| log.dry_run));
    let list = move || match is_dry_run.get() {
        None => view! { <Skeleton count=6 /> }.into_any(),
        Some(Err(error)) => view! { <ErrorState error on_retry=Callback::new(move |()| log.refetch()) /> }.into_any(),
        Some(Ok(is_dry_run)) => view! {
            <PagedList
                resource=entries
                noun="entry"
                size=PAGE_SIZE
                title="No entries to show"
                text="No user or group was changed."
                filters=&["action", "code"]
                let:entries
            >
                {table(&entries, is_dry_run)}
            </PagedList>
        }
        .into_any(),
    };
    view! {
        <Card title="Entries" lead="Unchanged entries are counted above and not listed.">
            <FilterBar>
                <FilterSelect label="Result" key="action" choices=actions />
                <FilterSelect label="Error" key="code" choices=codes />
            </FilterBar>
            {list}
        </Card>
    }
}

fn table(entries: &[SyncEntry], is_dry_run: bool) -> AnyView {
    let rows = entries.iter().map(|entry| row(entry, is_dry_run)).collect_view();
    view! {
        <Table caption="entries">
            <thead>
                <tr>
                    <th scope="col">"Entry"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Result"</th>
                    <th scope="col">"Details"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn row(entry: &SyncEntry, is_dry_run: bool) -> AnyView {
    let (tone, label) = (action_tone(entry.action), action_label(entry.action, is_dry_run));
    view! {
        <tr>
            <NameCell label="Entry" name=entry_name(entry) note=entry.dn.clone() />
            <td data-label="Kind" class="cell-words">{entry.object.label()}</td>
            <td data-label="Result"><StatusBadge tone label /></td>
            <td data-label="Details" class="cell-words">{or_dash(entry_details(entry))}</td>
        </tr>
    }
    .into_any()
}
