//! The list of providers. The server searches, filters, sorts and pages it; its state is in the URL.

use leptos::prelude::*;

use super::gallery::Gallery;
use crate::{
    api::{providers::list_providers, tenants::list_tenants},
    domain::{
        actor::Permission,
        page::{Page, PageRequest},
        provider::{OwnerFilter, Protocol, ProviderFilter, ProviderSort, ProviderSummary, SortDirection, SortKey},
        tenant::TenantFilter,
        words::counted,
    },
    ui::{
        components::{
            Choice, DataView, EmptyState, EnabledBadge, FilteredEmpty, Icon, IconView, LinkButton, PageHeader,
            Pagination, ProtocolBadge, RelativeTime, SortHeader, StatusBadge, Table, Tone, Variant,
        },
        pages::{
            filters::{FilterBar, FilterSelect, SearchBox},
            providers::testing::HealthBadge,
        },
        router::FetchAhead,
        routes,
        state::{Query, Session, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;
/// How many tenants the filter offers.
const TENANTS_OFFERED: u32 = 200;
const FILTERS: [&str; 4] = ["q", "protocol", "status", "tenant"];

/// The list of providers; without any providers, the choice of a protocol.
#[component]
pub fn ProviderList() -> impl IntoView {
    let query = use_query();
    let session = Session::current();
    let wanted = Memo::new(move |_| (filter(query), sort(query), query.page()));
    let providers = use_load(move || {
        let (filter, sort, page) = wanted.get();
        list_providers(filter, sort, PageRequest::numbered(page, PAGE_SIZE))
    });
    let clear = Callback::new(move |()| query.set(&FILTERS.map(|key| (key, String::new()))));
    let may_add = Memo::new(move |_| session.allows(Permission::ManageProviders));
    FetchAhead::after(move || providers.with(|answer| matches!(answer, Some(Ok(_)))));
    // Filters are hidden until there is a provider.
    let is_empty_never = Memo::new(move |_| {
        wanted.with(|(filter, ..)| filter.is_empty())
            && providers.with(|answer| matches!(answer, Some(Ok(page)) if page.total == 0))
    });
    view! {
        <PageHeader title="Providers" lead="Where the users of your customers sign in.">
            {move || {
                (may_add.get() && !is_empty_never.get())
                    .then(|| {
                        view! {
                            <LinkButton href=routes::NEW_PROVIDER variant=Variant::Primary>
                                <IconView icon=Icon::Plus />
                                "Add provider"
                            </LinkButton>
                        }
                    })
            }}
        </PageHeader>
        {move || (!is_empty_never.get()).then(|| view! { <Filters /> })}
        <DataView resource=providers skeleton=8 let:page>
            {draw(page, wanted.get_untracked().0, may_add.get_untracked(), clear)}
        </DataView>
    }
}

fn filter(query: Query) -> ProviderFilter {
    ProviderFilter {
        search: Some(query.get("q")).filter(|text| !text.is_empty()),
        protocol: query.parse("protocol"),
        enabled: match query.get("status").as_str() {
            "enabled" => Some(true),
            "disabled" => Some(false),
            _ => None,
        },
        owner: match query.get("tenant").as_str() {
            "platform" => Some(OwnerFilter::Platform),
            id => id.parse().ok().map(OwnerFilter::Tenant),
        },
    }
}

fn sort(query: Query) -> ProviderSort {
    let text = query.get("sort");
    let (name, direction) = match text.strip_prefix('-') {
        Some(name) => (name, SortDirection::Descending),
        None => (text.as_str(), SortDirection::Ascending),
    };
    let key = match name {
        "protocol" => SortKey::Protocol,
        "changed" => SortKey::Changed,
        _ => SortKey::Label,
    };
    ProviderSort { key, direction }
}

#[component]
fn Filters() -> impl IntoView {
    let protocols = std::iter::once(Choice::new("", "All protocols"))
        .chain(Protocol::ALL.into_iter().map(|protocol| Choice::new(protocol.as_str(), protocol.label())))
        .collect::<Vec<_>>();
    let states =
        vec![Choice::new("", "Any status"), Choice::new("enabled", "Enabled"), Choice::new("disabled", "Disabled")];
    let session = Session::current();
    let sees_tenants = session.user_now().is_some_and(|user| user.grant.tenant.is_none());
    view! {
        <FilterBar>
            <SearchBox label="Search" key="q" placeholder="Name, slug, issuer or client ID" />
            <FilterSelect label="Protocol" key="protocol" choices=protocols />
            <FilterSelect label="Status" key="status" choices=states />
            {sees_tenants.then(|| view! { <TenantFilter /> })}
        </FilterBar>
    }
}

#[component]
fn TenantFilter() -> impl IntoView {
    let query = use_query();
    let tenants = use_load(|| list_tenants(TenantFilter::default(), PageRequest { offset: 0, limit: TENANTS_OFFERED }));
    let choices = Signal::derive(move || {
        let mut choices = vec![Choice::new("", "All owners"), Choice::new("platform", "Platform")];
        if let Some(Ok(page)) = tenants.get() {
            choices.extend(page.items.into_iter().map(|tenant| Choice::new(tenant.id.to_string(), tenant.name)));
        }
        // A tenant from a link stays chosen even when it is not among the listed ones.
        let chosen = query.get("tenant");
        if choices.iter().all(|choice| choice.value != chosen) {
            choices.push(Choice::new(chosen.clone(), format!("Tenant {chosen}")));
        }
        choices
    });
    view! { <FilterSelect label="Owner" key="tenant" choices /> }
}

fn draw(page: Page<ProviderSummary>, filter: ProviderFilter, may_add: bool, clear: Callback<()>) -> AnyView {
    match (page.total, filter.is_empty(), may_add) {
        (0, true, true) => view! { <FirstProvider /> }.into_any(),
        (0, true, false) => {
            view! { <EmptyState title="No providers yet" text="Providers appear here when an administrator adds them." /> }.into_any()
        }
        (0, false, _) => view! { <FilteredEmpty noun="provider" search=filter.search.unwrap_or_default() on_clear=clear /> }.into_any(),
        _ => view! { <Rows page /> }.into_any(),
    }
}

/// What to do while there is no provider.
#[component]
pub fn FirstProvider() -> impl IntoView {
    view! {
        <section class="first-provider">
            <h2>"Add your first provider"</h2>
            <p class="page-lead">"Users of a customer sign in with a provider. Choose a protocol."</p>
            <Gallery />
        </section>
    }
}

#[component]
fn Rows(page: Page<ProviderSummary>) -> impl IntoView {
    view! {
        <Table caption="Providers">
            <thead>
                <tr>
                    <SortHeader label="Name" key="label" default=true />
                    <SortHeader label="Protocol" key="protocol" />
                    <th scope="col">"Owner"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Health"</th>
                    <SortHeader label="Changed" key="changed" />
                </tr>
            </thead>
            <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination total=page.total size=PAGE_SIZE noun="provider" />
    }
}

fn row(provider: ProviderSummary) -> AnyView {
    let ProviderSummary {
        id,
        slug,
        label,
        protocol,
        enabled,
        owner: _,
        owner_name,
        warnings,
        health,
        created_at,
        updated_at,
    } = provider;
    let warnings = match warnings {
        0 => None,
        count => Some(counted(count, "warning")),
    };
    view! {
        <tr>
            <th scope="row" class="row-name">
                <a href=routes::provider(id)>{label}</a>
                <code>{slug.to_string()}</code>
            </th>
            <td data-label="Protocol"><ProtocolBadge protocol /></td>
            <td data-label="Owner">{owner_name.unwrap_or_else(|| "Platform".to_owned())}</td>
            <td data-label="Status">
                <span class="badges">
                    <EnabledBadge enabled />
                    {warnings.map(|label| view! { <StatusBadge tone=Tone::Warning label /> })}
                </span>
            </td>
            <td data-label="Health"><span class="badges"><HealthBadge health /></span></td>
            <td data-label="Changed" class="cell-time"><RelativeTime at=updated_at.unwrap_or(created_at) /></td>
        </tr>
    }
    .into_any()
}
