//! The overview of a tenant.

use leptos::prelude::*;

use super::{edit::EditTenant, state::TenantState, suspend::SuspendCard};
use crate::{
    domain::{
        actor::Permission,
        tenant::{Tenant, TenantDetail, TenantImpact},
        words::counted,
    },
    ui::{
        components::{Button, Card, CopyButton, Detail, DetailList, Dialog, RelativeTime},
        routes::TenantTab,
    },
};

/// The overview tab.
#[component]
pub fn TenantOverview() -> impl IntoView {
    let state = TenantState::current();
    let may_edit = Memo::new(move |_| state.can(Permission::ManageTenants));
    let is_editing = RwSignal::new(false);
    // The button is not redrawn with its surroundings, so that the focus can return to it.
    view! {
        <h2 class="visually-hidden">"Overview"</h2>
        <div class="provider-cards">
            <Card title="Details">
                {move || state.detail().map(facts)}
                <Show when=move || may_edit.get()>
                    <p class="card-actions"><Button on_click=move |()| is_editing.set(true)>"Edit tenant"</Button></p>
                </Show>
            </Card>
            <Card title="Contents">{move || state.detail().map(belongings)}</Card>
            <Show when=move || may_edit.get()>
                <SuspendCard state />
            </Show>
        </div>
        <Dialog open=is_editing title="Edit this tenant">
            <EditTenant state open=is_editing />
        </Dialog>
    }
}

fn facts(detail: TenantDetail) -> AnyView {
    let TenantDetail { tenant, is_default, impact: _ } = detail;
    let Tenant { id, slug, name: _, partner, status: _, created_at, updated_at, version: _ } = tenant;
    let printed = id.to_string();
    let changed = match updated_at {
        Some(at) => view! { <RelativeTime at /> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <DetailList>
            <Detail label="Slug"><code>{slug.clone()}</code> " " <CopyButton value=slug label="slug" /></Detail>
            <Detail label="ID"><code>{printed.clone()}</code> " " <CopyButton value=printed label="ID" /></Detail>
            <Detail label="Partner">{partner.unwrap_or_else(|| "None".to_owned())}</Detail>
            {is_default.then(|| view! { <Detail label="Default">"The initial tenant; it cannot be deleted"</Detail> })}
            <Detail label="Created"><RelativeTime at=created_at /></Detail>
            <Detail label="Changed">{changed}</Detail>
        </DetailList>
    }
    .into_any()
}

fn belongings(detail: TenantDetail) -> AnyView {
    let TenantDetail { tenant, is_default: _, impact } = detail;
    let id = tenant.id;
    let TenantImpact { owned_providers, shared_providers, groups, administrators, tokens } = impact;
    view! {
        <DetailList>
            <Detail label="Providers">
                <a href=TenantTab::Providers.path(id)>
                    {format!("{owned_providers} of its own, {shared_providers} linked")}
                </a>
            </Detail>
            <Detail label="Groups"><a href=TenantTab::Groups.path(id)>{counted(groups, "group")}</a></Detail>
            <Detail label="Administrators">{administrators.to_string()}</Detail>
            <Detail label="API tokens">{tokens.to_string()}</Detail>
        </DetailList>
    }
    .into_any()
}
