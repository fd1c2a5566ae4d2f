//! Deleting a tenant: counts what is deleted with it and requires typing the name.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    api::tenants::delete_tenant,
    domain::actor::Permission,
    ui::{
        components::{Button, Callout, Card, Tone, Variant},
        pages::{deletion::Deletion, tenants::words},
        routes,
    },
};

/// The danger zone.
#[component]
pub fn TenantDanger() -> impl IntoView {
    let state = TenantState::current();
    let may_delete = Memo::new(move |_| state.can(Permission::ManageTenants));
    let is_default = Memo::new(move |_| state.read(|detail| detail.is_default).unwrap_or_default());
    let is_open = RwSignal::new(false);
    let deletion = Deletion {
        noun: "tenant",
        freed: "Its slug becomes free.",
        list: routes::TENANTS,
        name: Memo::new(move |_| state.name()),
        open: is_open,
    };
    let card = move || {
        match (may_delete.get(), is_default.get()) {
        (false, _) => view! { <Callout tone=Tone::Info title="Your role cannot delete tenants." /> }.into_any(),
        (true, true) => view! {
            <Callout tone=Tone::Info title="The default tenant cannot be deleted.">
                <p>"Suspend it to keep its users from signing in."</p>
            </Callout>
        }
        .into_any(),
        (true, false) => view! {
            <Card
                title="Delete this tenant"
                lead="It is removed from all lists with everything that belongs to it, and its users can no longer sign in."
                danger=true
            >
                {affected(state)}
                <div class="card-actions">
                    <Button variant=Variant::Danger on_click=move |()| is_open.set(true)>"Delete tenant"</Button>
                </div>
            </Card>
            {deletion.dialog(move || affected(state), move || delete_tenant(state.id))}
        }
        .into_any(),
    }
    };
    view! {
        <h2 class="visually-hidden">"Danger zone"</h2>
        {card}
    }
}

/// What is deleted with the tenant, counted.
fn affected(state: TenantState) -> AnyView {
    (move || {
        let lines = state.read(|detail| words::deletion(detail.impact)).unwrap_or_default();
        if lines.is_empty() {
            view! { <p class="impact">"Nothing belongs to it: no provider, no group, no administrator."</p> }.into_any()
        } else {
            view! { <ul class="impact plain-list">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
                .into_any()
        }
    }).into_any()
}
