//! The list of tenants. The server searches, filters and pages it; its state is in the URL.

use leptos::prelude::*;

use super::create::CreateTenant;
use crate::{
    api::tenants::{list_partners, list_tenants},
    domain::{
        actor::Permission,
        page::{Page, PageRequest},
        tenant::{Tenant, TenantFilter, TenantStatus},
    },
    ui::{
        components::{
            Button, Choice, DataView, Dialog, EmptyState, FilteredEmpty, Icon, IconView, PageHeader, Pagination,
            RelativeTime, Table, TenantBadge, Variant,
        },
        pages::filters::{FilterBar, FilterSelect, SearchBox},
        routes,
        state::{Query, Session, use_go, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;
const FILTERS: [&str; 3] = ["q", "status", "partner"];

/// The list of tenants. Administrators of a single tenant are redirected to it.
#[component]
pub fn TenantList() -> impl IntoView {
    let query = use_query();
    let session = Session::current();
    let go = use_go();
    Effect::new(move || {
        if let Some(id) = session.own_tenant() {
            go.replace(&routes::tenant(id));
        }
    });
    let wanted = Memo::new(move |_| (filter(query), query.page()));
    let tenants = use_load(move || {
        let (filter, page) = wanted.get();
        list_tenants(filter, PageRequest::numbered(page, PAGE_SIZE))
    });
    let clear = Callback::new(move |()| query.set(&FILTERS.map(|key| (key, String::new()))));
    let may_add = Memo::new(move |_| session.allows(Permission::ManageTenants));
    let is_adding = RwSignal::new(false);
    let created = Callback::new(move |tenant: Tenant| go.to(&routes::tenant(tenant.id)));
    view! {
        <PageHeader title="Tenants" lead="Your customers, each with users, providers and groups of their own.">
            <Show when=move || may_add.get()>
                <Button variant=Variant::Primary on_click=move |()| is_adding.set(true)>
                    <IconView icon=Icon::Plus />
                    "Add tenant"
                </Button>
            </Show>
        </PageHeader>
        <FilterBar>
            <SearchBox label="Search" key="q" placeholder="Name or slug" />
            <FilterSelect
                label="Status"
                key="status"
                choices=vec![Choice::new("", "Any status"), Choice::new("active", "Active"), Choice::new("suspended", "Suspended")]
            />
            <PartnerFilter />
        </FilterBar>
        <DataView resource=tenants skeleton=8 let:page>{draw(page, wanted.get_untracked().0, clear)}</DataView>
        <Dialog open=is_adding title="Add a tenant">
            <CreateTenant open=is_adding created />
        </Dialog>
    }
}

fn filter(query: Query) -> TenantFilter {
    let text = |key| Some(query.get(key)).filter(|text| !text.is_empty());
    TenantFilter { search: text("q"), status: query.parse::<TenantStatus>("status"), partner: text("partner") }
}

/// The partners of the tenants; hidden while there are none.
#[component]
fn PartnerFilter() -> impl IntoView {
    let query = use_query();
    let all = use_load(list_partners);
    let choices = Signal::derive(move || {
        let mut partners = all.get().and_then(Result::ok).unwrap_or_default();
        let chosen = query.get("partner");
        if !chosen.is_empty() && !partners.contains(&chosen) {
            partners.push(chosen);
        }
        std::iter::once(Choice::new("", "Any partner"))
            .chain(partners.into_iter().map(|partner| Choice::new(partner.clone(), partner)))
            .collect::<Vec<_>>()
    });
    view! {
        <Show when=move || choices.with(|choices| choices.len() > 1)>
            <FilterSelect label="Partner" key="partner" choices />
        </Show>
    }
}

fn draw(page: Page<Tenant>, filter: TenantFilter, clear: Callback<()>) -> AnyView {
    if page.total > 0 {
        return view! {
            <Table caption="Tenants">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Partner"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
            </Table>
            <Pagination total=page.total size=PAGE_SIZE noun="tenant" />
        }
        .into_any();
    }
    if filter == TenantFilter::default() {
        view! { <EmptyState title="No tenants yet" text="A tenant is a customer whose users sign in." /> }.into_any()
    } else {
        view! { <FilteredEmpty noun="tenant" search=filter.search.unwrap_or_default() on_clear=clear /> }.into_any()
    }
}

fn row(tenant: Tenant) -> AnyView {
    let Tenant { id, slug, name, partner, status, created_at, updated_at, version: _ } = tenant;
    view! {
        <tr>
            <th scope="row" class="row-name">
                <a href=routes::tenant(id)>{name}</a>
                <code>{slug}</code>
            </th>
            <td data-label="Partner">{partner.unwrap_or_else(|| "—".to_owned())}</td>
            <td data-label="Status"><span class="badges"><TenantBadge status /></span></td>
            <td data-label="Changed" class="cell-time"><RelativeTime at=updated_at.unwrap_or(created_at) /></td>
        </tr>
    }
    .into_any()
}
