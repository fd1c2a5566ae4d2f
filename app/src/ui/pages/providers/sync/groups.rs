//! The groups of a directory.

use leptos::prelude::*;

use super::navigation::all_runs_link;
use crate::{
    api::table::Listed,
    ui::{
        components::{Card, ColumnContent, Listing, listing, load_rows},
        pages::{
            filters::{FilterBar, SearchBox},
            providers::detail::state::ProviderState,
        },
        routes,
        state::use_query,
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
    let groups = load_rows(PAGE_SIZE, Box::new(move || (Listed::Groups(state.id, query.get("q")), query.page())));
    let columns = vec![
        ("Group", ColumnContent::Name(Some(format!("{}?group=", routes::USERS)))),
        ("Members", ColumnContent::Text(0)),
    ];
    view! {
        {all_runs_link()}
        <Card title="Groups of the directory" lead="A group mapping adds their members to a group of a tenant.">
            <FilterBar>
                <SearchBox label="Search" key="q" placeholder="Name or DN" />
            </FilterBar>
            {listing(groups, Listing {
                noun: "group",
                columns,
                size: PAGE_SIZE,
                empty: ("No groups yet", "Groups appear here when the provider's settings include groups in the synchronisation."),
                filters: &["q"],
            })}
        </Card>
    }
}
