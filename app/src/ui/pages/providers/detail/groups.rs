//! Which groups of a provider map to which groups of a tenant, one tenant at a time.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::assignments::list_provider_tenants,
    domain::{
        actor::Permission,
        assignment::AssignedTenant,
        id::TenantId,
        page::{MAX_PORTAL_PAGE, Page, PageRequest},
    },
    ui::{
        components::{Choice, DataView, EmptyState, LinkButton},
        pages::{
            filters::{FilterBar, FilterSelect},
            groups::GroupMappings,
        },
        routes::ProviderTab,
        state::{Session, use_load, use_query},
    },
};

/// The groups tab.
#[component]
pub fn ProviderGroups() -> impl IntoView {
    let state = ProviderState::current();
    let tenants = use_load(move || list_provider_tenants(state.id, PageRequest { offset: 0, limit: MAX_PORTAL_PAGE }));
    view! {
        <h2 class="visually-hidden">"Groups"</h2>
        <DataView resource=tenants skeleton=4 let:page>{draw(page, state)}</DataView>
    }
}

fn draw(page: Page<AssignedTenant>, state: ProviderState) -> AnyView {
    let tenants = page.items;
    if tenants.is_empty() {
        return view! {
            <EmptyState title="No tenant signs in with this provider" text="Groups are mapped for each tenant. Link a tenant first.">
                <LinkButton href=ProviderTab::Tenants.path(state.id)>"Show tenants"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let query = use_query();
    let may_manage = untrack(|| Session::current().allows(Permission::ManageGroups));
    // The first one, unless the address names another.
    let ids = tenants.iter().map(|tenant| tenant.id).collect::<Vec<_>>();
    let present = Memo::new(move |_| {
        let named = query.parse::<TenantId>("tenant").filter(|id| ids.contains(id));
        named.or_else(|| ids.first().copied())
    });
    let only = (tenants.len() == 1).then(|| tenants.first().map(|tenant| tenant.name.clone())).flatten();
    let choice = match only {
        Some(name) => view! { <p class="tab-lead">"Mappings for the tenant " <strong>{name}</strong></p> }.into_any(),
        None => {
            let choices =
                tenants.into_iter().map(|tenant| Choice::new(tenant.id.to_string(), tenant.name)).collect::<Vec<_>>();
            view! { <FilterBar><FilterSelect label="Tenant" key="tenant" choices /></FilterBar> }.into_any()
        }
    };
    view! {
        {choice}
        {move || present.get().map(|tenant| view! { <GroupMappings tenant provider=state.id may_manage /> })}
    }
    .into_any()
}
