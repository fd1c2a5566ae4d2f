//! The list of users. The server searches, filters and pages it; its state is in the URL.

use leptos::prelude::*;

use super::words::status_tone;
use crate::{
    api::{providers::list_providers, users::list_users},
    domain::{
        page::PageRequest,
        provider::{Protocol, ProviderFilter, ProviderSort},
        user::{UserFilter, UserStatus, UserSummary},
    },
    ui::{
        components::{Choice, NameCell, PageHeader, PagedList, RelativeTime, StatusBadge, Table, or_dash},
        pages::filters::{FilterBar, FilterSelect, SearchBox},
        routes,
        state::{Query, Session, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 50;
/// How many directories the filter offers.
const DIRECTORIES_OFFERED: u32 = 200;
const FILTERS: &[&str] = &["q", "status", "provider", "group", "tenant"];

/// The list of users. The address may also narrow it to a tenant or to a group of a directory.
#[component]
pub fn UserList() -> impl IntoView {
    let query = use_query();
    let users = use_load(move || list_users(filter(query), PageRequest::numbered(query.page(), PAGE_SIZE)));
    let choices = std::iter::once(Choice::new("", "Any status"))
        .chain(UserStatus::ALL.iter().map(|status| Choice::new(status.as_str(), status.label())))
        .collect::<Vec<_>>();
    let has_tenants = untrack(|| Session::current().own_tenant()).is_none();
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
        <PagedList
            resource=users
            noun="user"
            size=PAGE_SIZE
            title="No users yet"
            text="Users appear here when an LDAP provider is synchronised."
            filters=FILTERS
            let:users
        >
            {table(users, has_tenants)}
        </PagedList>
    }
}

fn filter(query: Query) -> UserFilter {
    UserFilter {
        tenant: query.parse("tenant"),
        provider: query.parse("provider"),
        group: query.parse("group"),
        status: query.parse("status"),
        search: Some(query.get("q")).filter(|text| !text.is_empty()),
    }
}

fn table(users: Vec<UserSummary>, has_tenants: bool) -> AnyView {
    view! {
        <Table caption="users">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Email"</th>
                    {has_tenants.then(|| view! { <th scope="col">"Tenant"</th> })}
                    <th scope="col">"Imported from"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Changed"</th>
                </tr>
            </thead>
            <tbody>{users.into_iter().map(|user| row(user, has_tenants)).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

fn row(user: UserSummary, has_tenants: bool) -> AnyView {
    let UserSummary { id, username, label, email, status, tenant_name, origin_name, created_at, updated_at } = user;
    let tenant = has_tenants.then(|| view! { <td data-label="Tenant" class="cell-words">{tenant_name}</td> });
    view! {
        <tr>
            <NameCell label="Name" name=label note=username href=routes::user(id) />
            <td data-label="Email" class="cell-words">{or_dash(email)}</td>
            {tenant}
            <td data-label="Imported from" class="cell-words">{or_dash(origin_name)}</td>
            <td data-label="Status"><StatusBadge tone=status_tone(status) label=status.label() /></td>
            <td data-label="Changed" class="cell-time"><RelativeTime at=updated_at.unwrap_or(created_at) /></td>
        </tr>
    }
    .into_any()
}

/// The directories within reach; hidden while there are none.
#[component]
fn DirectoryFilter() -> impl IntoView {
    let all = use_load(|| {
        let filter = ProviderFilter { protocol: Some(Protocol::Ldap), ..ProviderFilter::default() };
        list_providers(filter, ProviderSort::default(), PageRequest { offset: 0, limit: DIRECTORIES_OFFERED })
    });
    let choices = Signal::derive(move || {
        let known = all.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        let known = known.into_iter().map(|provider| Choice::new(provider.id.to_string(), provider.label));
        std::iter::once(Choice::new("", "Any directory")).chain(known).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || choices.with(|choices| choices.len() > 1)>
            <FilterSelect label="Directory" key="provider" choices />
        </Show>
    }
}
