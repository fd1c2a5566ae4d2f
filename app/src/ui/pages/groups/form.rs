//! Adding a group, or changing its name and description.

use leptos::prelude::*;

use crate::{
    api::groups::{create_group, update_group},
    domain::{
        group::{Group, GroupPatch, NewGroup},
        patch::Patch,
    },
    ui::{
        components::{Button, ButtonKind, DialogActions, Field, FieldKind, Form, Variant},
        pages::tenants::detail::state::TenantState,
        state::use_change,
    },
};

/// The form of a group, in a dialog.
#[component]
pub(super) fn GroupForm(
    /// The tenant whose group it is.
    state: TenantState,
    /// The group to change; a new one when absent.
    group: Option<Group>,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Called when the group was saved, unless the list is gone.
    changed: Callback<()>,
) -> impl IntoView {
    let (before, (name, description)) = match group {
        Some(Group { id, name, description, version, .. }) => {
            (Some((id, version)), (name, description.unwrap_or_default()))
        }
        None => (None, Default::default()),
    };
    let (name, description) = (RwSignal::new(name), RwSignal::new(description));
    let verb = if before.is_some() { "changed" } else { "added" };
    let save = use_change(
        move |(name, description): (String, String)| async move {
            let saved = match before {
                Some((id, version)) => {
                    let change = GroupPatch { name: Some(name), description: Patch::of_text(&description) };
                    update_group(id, version, change).await
                }
                None => {
                    let description = Some(description).filter(|text| !text.is_empty());
                    create_group(NewGroup { tenant: state.id, name, description }).await
                }
            };
            // The dialog may be closed by now and the tab left, while the list or the page are still there.
            saved.inspect(|_| {
                state.reload();
                changed.try_run(());
            })
        },
        move |group: &Group| format!("{} {verb}.", group.name),
        move |_| open.set(false),
    );
    let send = move |()| {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        save.run((text(name), text(description)));
    };
    let action = if before.is_some() { "Save group" } else { "Add group" };
    view! {
        <Form error=save.error on_submit=send>
            <Field label="Name" name="name" value=name help="Unique within the tenant." />
            <Field
                label="Description"
                name="description"
                value=description
                kind=FieldKind::Lines
                optional=true
                help="What the group is for."
            />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=save.busy>{action}</Button>
            </DialogActions>
        </Form>
    }
}
