//! Deleting a tenant: counts what goes with it and wants the name typed.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    api::tenants::delete_tenant,
    domain::actor::Permission,
    ui::{
        components::{Button, Callout, Card, ConfirmDialog, Field, Tone, Variant, redraw},
        pages::tenants::words,
        routes,
        state::{Toasts, memo, react, use_go, use_submit},
    },
};

/// The danger zone.
#[component]
pub fn TenantDanger() -> impl IntoView {
    let state = TenantState::current();
    let may_delete = memo(move || state.can(Permission::ManageTenants));
    let is_default = memo(move || state.read(|detail| detail.is_default).unwrap_or_default());
    let is_open = RwSignal::new(false);
    let card = move || {
        match (may_delete.get(), is_default.get()) {
        (false, _) => view! { <Callout tone=Tone::Info title="Your role cannot delete tenants." /> }.into_any(),
        (true, true) => view! {
            <Callout tone=Tone::Info title="The default tenant cannot be deleted.">
                <p>"It has been there from the start. Suspend it if nobody is to sign in."</p>
            </Callout>
        }
        .into_any(),
        (true, false) => view! {
            <Card
                title="Delete this tenant"
                lead="It disappears from the lists with everything that belongs to it, and nobody of it can sign in any more."
                danger=true
            >
                {affected(state)}
                <div class="card-actions">
                    <Button variant=Variant::Danger on_click=move |()| is_open.set(true)>"Delete tenant"</Button>
                </div>
            </Card>
            <DeleteTenant state open=is_open />
        }
        .into_any(),
    }
    };
    view! {
        <h2 class="visually-hidden">"Danger zone"</h2>
        {redraw(card)}
    }
}

/// The question, and the call when it is confirmed.
#[component]
fn DeleteTenant(
    /// The tenant.
    state: TenantState,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let name = memo(move || state.name());
    let toasts = Toasts::current();
    let go = use_go();
    let delete = use_submit(
        move |()| delete_tenant(state.id),
        move |()| {
            toasts.success(format!("{} deleted.", name.get_untracked()));
            go.replace(routes::TENANTS);
        },
    );
    react(move || {
        if open.get() {
            typed.set(String::new());
            delete.reset();
        }
    });
    view! {
        <ConfirmDialog
            open
            title=Signal::derive(move || format!("Delete {}", name.get()))
            confirm="Delete tenant"
            busy=delete.busy
            disabled=Signal::derive(move || name.with(|name| typed.with(|typed| typed.trim() != name.trim())))
            error=delete.error
            on_confirm=move |()| delete.run(())
        >
            {affected(state)}
            <p>
                "It is kept in the database with its history, so that an operator can look at it; the portal and the APIs no longer show it. Its slug becomes free."
            </p>
            <Field label=format!("Type “{}” to confirm", name.get_untracked()) name="confirm_name" value=typed />
        </ConfirmDialog>
    }
}

/// What goes with the tenant, counted.
fn affected(state: TenantState) -> AnyView {
    redraw(move || {
        let lines = state.read(|detail| words::deletion(detail.impact)).unwrap_or_default();
        if lines.is_empty() {
            view! { <p class="impact">"Nothing belongs to it: no provider, no group, no administrator."</p> }.into_any()
        } else {
            view! { <ul class="impact plain-list">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
                .into_any()
        }
    })
}
