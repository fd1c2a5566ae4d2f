//! The list of users. The server searches, filters and pages it; its state is in the URL.

use leptos::prelude::*;

use crate::{
    api::table::Listed,
    domain::user::{UserFilter, UserStatus},
    ui::{
        components::{Choice, ColumnContent, Listing, PageHeader, listing, load_rows},
        pages::filters::{FilterBar, FilterSelect, SearchBox},
        routes,
        state::{Session, use_query},
    },
};

const PAGE_SIZE: u32 = 50;
/// How many directories the filter offers.
const DIRECTORIES_OFFERED: u32 = 200;

/// The list of users. The address may also narrow it to a tenant or to a group of a directory.
#[component]
pub fn UserList() -> impl IntoView {
    let query = use_query();
    let users = load_rows(
        PAGE_SIZE,
        Box::new(move || {
            let filter = UserFilter {
                tenant: query.parse("tenant"),
                provider: query.parse("provider"),
                group: query.parse("group"),
                status: query.parse("status"),
                search: Some(query.get("q")).filter(|text| !text.is_empty()),
            };
            (Listed::Users(filter), query.page())
        }),
    );
    let choices = std::iter::once(Choice::new("", "Any status"))
        .chain(UserStatus::ALL.iter().map(|status| Choice::new(status.as_str(), status.label())))
        .collect::<Vec<_>>();
    let mut columns = vec![
        ("Name", ColumnContent::Name(Some(format!("{}/", routes::USERS)))),
        ("Email", ColumnContent::Text(0)),
        ("Tenant", ColumnContent::Text(1)),
        ("Imported from", ColumnContent::Text(2)),
        ("Status", ColumnContent::State),
        ("Changed", ColumnContent::Time),
    ];
    if untrack(|| Session::current().own_tenant()).is_some() {
        columns.remove(2);
    }
    // There are too many groups and tenants for a choice; a filter from a link can be removed.
    let narrowed = move || match (query.get("group").is_empty(), query.get("tenant").is_empty()) {
        (true, true) => None,
        (false, _) => Some("Showing members of one directory group only. "),
        (true, false) => Some("Showing users of one tenant only. "),
    };
    view! {
        <PageHeader title="Users" lead="Users imported from directories, and whether they may sign in." />
        <FilterBar>
            <SearchBox label="Search" key="q" placeholder="Name, user name or email" />
            <FilterSelect label="Status" key="status" choices />
            <DirectoryFilter />
        </FilterBar>
        {move || narrowed().map(|text| view! { <p class="tab-lead">{text} <a href=routes::USERS>"Show all users"</a></p> })}
        {listing(users, Listing {
            noun: "user",
            columns,
            size: PAGE_SIZE,
            empty: ("No users yet", "Users appear here when an LDAP provider is synchronised."),
            filters: &["q", "status", "provider", "group", "tenant"],
        })}
    }
}

/// The directories within reach; hidden while there are none.
#[component]
fn DirectoryFilter() -> impl IntoView {
    let all = load_rows(DIRECTORIES_OFFERED, Box::new(|| (Listed::Directories, 1)));
    let choices = Signal::derive(move || {
        let known = all.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        let known = known.into_iter().map(|row| Choice::new(row.id, row.name));
        std::iter::once(Choice::new("", "Any directory")).chain(known).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || choices.with(|choices| choices.len() > 1)>
            <FilterSelect label="Directory" key="provider" choices />
        </Show>
    }
}
