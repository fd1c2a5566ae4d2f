//! Changing the name and the partner of a tenant.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    api::tenants::update_tenant,
    domain::{
        patch::Patch,
        tenant::{Tenant, TenantPatch},
    },
    ui::{
        components::{Button, ButtonKind, DialogActions, Field, Form, Variant},
        state::{Toasts, use_submit},
    },
};

/// The form of a tenant, in a dialog. It changes the version that it was opened with.
#[component]
pub(super) fn EditTenant(
    /// The tenant.
    state: TenantState,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let version = state.version();
    let partner = untrack(|| state.read(|detail| detail.tenant.partner.clone())).flatten().unwrap_or_default();
    let (name, partner) = (RwSignal::new(untrack(|| state.name())), RwSignal::new(partner));
    let toasts = Toasts::current();
    let save = use_submit(
        move |change: TenantPatch| update_tenant(state.id, version, change),
        move |_: Tenant| {
            open.set(false);
            state.reload();
            toasts.success("Tenant changed.");
        },
    );
    // After a conflict the next opening starts from what is stored.
    Effect::new(move || {
        if save.error.with(Option::is_some) {
            state.reload();
        }
    });
    let send = move |()| {
        let name = name.get_untracked().trim().to_owned();
        let partner = Patch::of_text(&partner.get_untracked());
        save.run(TenantPatch { name: Some(name), partner, status: None });
    };
    view! {
        <Form error=save.error on_submit=send>
            <Field label="Name" name="name" value=name help="The customer, as administrators know it." />
            <Field
                label="Partner"
                name="partner"
                value=partner
                optional=true
                help="Administrators of this partner can also manage the tenant."
            />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=save.busy>"Save tenant"</Button>
            </DialogActions>
        </Form>
    }
}
