//! Suspending a tenant after confirmation, and activating it again.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    api::tenants::update_tenant,
    domain::tenant::{Tenant, TenantPatch, TenantStatus},
    ui::{
        components::{Button, Callout, Card, ConfirmDialog, Tone, Variant},
        pages::tenants::words,
        state::use_change,
    },
};

/// Whether its users may sign in, and the button that changes it.
#[component]
pub(super) fn SuspendCard(
    /// The tenant.
    state: TenantState,
) -> impl IntoView {
    let is_active = Memo::new(move |_| state.read(|detail| detail.tenant.status) == Some(TenantStatus::Active));
    let is_asking = RwSignal::new(false);
    let set = use_change(
        move |status: TenantStatus| {
            let change = TenantPatch { status: Some(status), ..TenantPatch::default() };
            let running = update_tenant(state.id, state.version(), change);
            // The tab may be left by the time of the response, while the page is still there.
            async move { running.await.inspect(|_| state.reload()) }
        },
        |tenant: &Tenant| match tenant.status {
            TenantStatus::Active => "Its users may sign in again.",
            TenantStatus::Suspended => "Tenant suspended.",
        },
        move |_| is_asking.set(false),
    );
    let affected = move || state.read(|detail| words::suspension(detail.impact)).unwrap_or_default();
    let card = move || {
        if is_active.get() {
            view! {
                <p>"Its users may sign in."</p>
                <p class="card-actions">
                    <Button
                        variant=Variant::Danger
                        on_click=move |()| {
                            set.reset();
                            is_asking.set(true);
                        }
                    >
                        "Suspend tenant"
                    </Button>
                </p>
            }
            .into_any()
        } else {
            view! {
                <p>"Users of this tenant cannot sign in. All settings are kept."</p>
                {move || set.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
                <p class="card-actions">
                    <Button variant=Variant::Primary busy=set.busy on_click=move |()| set.run(TenantStatus::Active)>
                        "Activate tenant"
                    </Button>
                </p>
            }
            .into_any()
        }
    };
    view! {
        <Card title="Signing in">{card}</Card>
        <ConfirmDialog
            open=is_asking
            title=Signal::derive(move || format!("Suspend {}", state.name()))
            confirm="Suspend tenant"
            busy=set.busy
            error=set.error
            on_confirm=move |()| set.run(TenantStatus::Suspended)
        >
            <p class="impact">{affected}</p>
            <p>"Users of this tenant cannot sign in until it is activated again. Running sessions continue, and all settings are kept."</p>
        </ConfirmDialog>
    }
}
