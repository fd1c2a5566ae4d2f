//! Adding a tenant.

use leptos::prelude::*;

use crate::{
    api::tenants::create_tenant,
    domain::tenant::{NewTenant, Tenant, TenantStatus},
    ui::{
        components::{Button, ButtonKind, Checkbox, DialogActions, Field, Form, Variant},
        pages::slug::slug_follows,
        state::use_change,
    },
};

/// The form of a new tenant, in a dialog.
#[component]
pub(super) fn CreateTenant(
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Called with the new tenant.
    created: Callback<Tenant>,
) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (name, slug, partner) = (text(), text(), text());
    let is_slug_typed = RwSignal::new(false);
    let is_active = RwSignal::new(true);
    slug_follows(name, slug, is_slug_typed);
    let create = use_change(
        create_tenant,
        |tenant: &Tenant| format!("{} added.", tenant.name),
        move |tenant| {
            open.set(false);
            created.run(tenant);
        },
    );
    let send = move |()| {
        let filled = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        create.run(NewTenant {
            slug: is_slug_typed.get_untracked().then(|| slug.get_untracked()).and_then(filled),
            name: name.get_untracked().trim().to_owned(),
            partner: filled(partner.get_untracked()),
            status: if is_active.get_untracked() { TenantStatus::Active } else { TenantStatus::Suspended },
        });
    };
    view! {
        <Form error=create.error on_submit=send>
            <Field label="Name" name="name" value=name help="The customer, as administrators know it." />
            <Field
                label="Slug"
                name="slug"
                value=slug
                monospace=true
                optional=true
                help="Short name in URLs and in the API; it never changes. Generated from the name unless you edit it."
            />
            <Field
                label="Partner"
                name="partner"
                value=partner
                optional=true
                help="Administrators of this partner can also manage the tenant."
            />
            <Checkbox label="Its users may sign in" name="status" value=is_active help="You can prepare a suspended tenant before it is used." />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=create.busy>"Add tenant"</Button>
            </DialogActions>
        </Form>
    }
}
