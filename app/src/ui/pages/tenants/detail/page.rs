//! The header and the tabs of one tenant.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    domain::{actor::Permission, id::TenantId},
    ui::{
        components::{Crumb, ErrorState, PageHeader, Skeleton, SkeletonShape, Tab, Tabs, TenantBadge},
        pages::NotFound,
        router::{Outlet, use_param},
        routes::{self, TenantTab},
        state::Session,
    },
};

/// The header and the tabs of one tenant; the tab itself is the outlet.
#[component]
pub fn TenantPage() -> impl IntoView {
    let param = use_param("id");
    let id = Memo::new(move |_| param.with(|id| id.parse::<TenantId>().ok()));
    move || match id.get() {
        Some(id) => view! { <Loading id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// Loads the tenant: a skeleton, a failure, or the page. What was there once stays while it is loaded again.
#[component]
fn Loading(
    /// Which tenant.
    id: TenantId,
) -> impl IntoView {
    let state = TenantState::provide(id);
    let is_loaded = Memo::new(move |_| state.detail().is_some());
    let failure = Memo::new(move |_| state.failure());
    let retry = Callback::new(move |()| state.reload());
    move || match (is_loaded.get(), failure.get()) {
        (true, _) => view! { <Loaded state /> }.into_any(),
        (false, Some(error)) => view! {
            <PageHeader title="Tenant" crumbs=crumbs() />
            <ErrorState error on_retry=retry />
        }
        .into_any(),
        (false, None) => view! { <Skeleton shape=SkeletonShape::Form count=4 /> }.into_any(),
    }
}

/// The tenant is there: header, tabs and the present tab.
#[component]
fn Loaded(
    /// The tenant.
    state: TenantState,
) -> impl IntoView {
    let title = Memo::new(move |_| state.name());
    let status = Memo::new(move |_| state.read(|detail| detail.tenant.status));
    let tabs = Signal::derive(move || {
        let is_shown = |tab: &TenantTab| match tab {
            TenantTab::Overview => true,
            TenantTab::Providers => state.can(Permission::ViewAssignments),
            TenantTab::Groups => state.can(Permission::ViewGroups),
            TenantTab::Danger => state.can(Permission::ManageTenants),
        };
        let tab = |tab: TenantTab| Tab { href: tab.path(state.id), label: tab.label(), exact: true };
        TenantTab::ALL.into_iter().filter(is_shown).map(tab).collect::<Vec<_>>()
    });
    view! {
        <PageHeader title=title crumbs=crumbs()>
            {move || status.get().map(|status| view! { <TenantBadge status /> })}
        </PageHeader>
        <Tabs label="Parts of this tenant" tabs />
        <Outlet />
    }
}

/// The way to the list, for those who have one.
fn crumbs() -> Vec<Crumb> {
    match untrack(|| Session::current().own_tenant()) {
        Some(_) => Vec::new(),
        None => vec![Crumb::new(routes::TENANTS, "Tenants")],
    }
}
