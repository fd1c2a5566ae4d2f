//! The groups of a directory.

use leptos::prelude::*;

use super::navigation::all_runs_link;
use crate::{
    api::syncs::list_directory_groups,
    domain::{page::PageRequest, user::DirectoryGroup},
    ui::{
        components::{Card, NameCell, PagedList, Table},
        pages::{
            filters::{FilterBar, SearchBox},
            providers::detail::state::ProviderState,
        },
        routes,
        state::{use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;

/// The groups of a directory with the number of their members; a name links to the members.
#[component]
pub(super) fn SyncGroups(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let query = use_query();
    let groups = use_load(move || {
        list_directory_groups(state.id, query.get("q"), PageRequest::numbered(query.page(), PAGE_SIZE))
    });
    view! {
        {all_runs_link()}
        <Card title="Groups of the directory" lead="A group mapping adds their members to a group of a tenant.">
            <FilterBar>
                <SearchBox label="Search" key="q" placeholder="Name or DN" />
            </FilterBar>
            <PagedList
                resource=groups
                noun="group"
                size=PAGE_SIZE
                title="No groups yet"
                text="Groups appear here when the provider's settings include groups in the synchronisation."
                filters=&["q"]
                let:groups
            >
                <Table caption="groups">
                    <thead>
                        <tr>
                            <th scope="col">"Group"</th>
                            <th scope="col">"Members"</th>
                        </tr>
                    </thead>
                    <tbody>{groups.into_iter().map(row).collect_view()}</tbody>
                </Table>
            </PagedList>
        </Card>
    }
}

fn row(group: DirectoryGroup) -> AnyView {
    let DirectoryGroup { id, name, dn, members } = group;
    view! {
        <tr>
            <NameCell label="Group" name note=dn href=format!("{}?group={id}", routes::USERS) />
            <td data-label="Members" class="cell-words">{members}</td>
        </tr>
    }
    .into_any()
}
