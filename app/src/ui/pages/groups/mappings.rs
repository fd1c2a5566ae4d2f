//! The group mappings of a provider for one tenant.

use leptos::prelude::*;

use super::mapping_form::MappingForm;
use crate::{
    api::groups::{delete_group_mapping, list_group_mappings},
    domain::{
        group::GroupMapping,
        id::{GroupMappingId, ProviderId, TenantId},
    },
    ui::{
        components::{Button, ConfirmDialog, DataView, Dialog, EmptyState, StatusBadge, Table, Tone, Variant},
        state::{Toasts, use_load, use_submit},
    },
};

/// The mappings as a table, adding one and removing one.
#[component]
pub fn GroupMappings(
    /// The tenant that they hold for.
    tenant: TenantId,
    /// The provider that names the groups.
    provider: ProviderId,
    /// Whether mappings may be added and removed.
    may_manage: bool,
) -> impl IntoView {
    let mappings = use_load(move || list_group_mappings(tenant, provider));
    let toasts = Toasts::current();
    let (is_adding, is_removing) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<GroupMappingId>);
    let remove = use_submit(
        move |id| delete_group_mapping(tenant, provider, id),
        move |()| {
            is_removing.set(false);
            mappings.refetch();
            toasts.success("Group mapping removed.");
        },
    );
    let added = Callback::new(move |()| {
        is_adding.set(false);
        mappings.refetch();
        toasts.success("Group mapping added.");
    });
    let ask = Callback::new(move |id| {
        remove.reset();
        chosen.set(Some(id));
        is_removing.set(true);
    });
    let confirm = move |()| {
        if let Some(id) = chosen.get_untracked() {
            remove.run(id);
        }
    };
    view! {
        <Show when=move || may_manage>
            <p class="card-actions">
                <Button variant=Variant::Primary on_click=move |()| is_adding.set(true)>"Add mapping"</Button>
            </p>
        </Show>
        <DataView resource=mappings skeleton=4 let:rows>{draw(rows, may_manage.then_some(ask))}</DataView>
        <Dialog open=is_adding title="Add a group mapping">
            <MappingForm tenant provider open=is_adding added />
        </Dialog>
        <ConfirmDialog
            open=is_removing
            title="Remove this mapping?"
            confirm="Remove mapping"
            busy=remove.busy
            error=remove.error
            on_confirm=confirm
        >
            <p>"Users of the provider's group leave the tenant's group at their next sign-in."</p>
        </ConfirmDialog>
    }
}

fn draw(mappings: Vec<GroupMapping>, ask: Option<Callback<GroupMappingId>>) -> AnyView {
    if mappings.is_empty() {
        return view! { <EmptyState title="No group mappings yet" text="A mapping puts the users of a provider's group into a group of the tenant." /> }
            .into_any();
    }
    let has_unknown = mappings.iter().any(|mapping| mapping.internal_group_name.is_none());
    view! {
        <Table caption="Group mappings">
            <thead>
                <tr>
                    <th scope="col">"Group at the provider"</th>
                    <th scope="col">"Claim"</th>
                    <th scope="col">"Group of the tenant"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{mappings.into_iter().map(|mapping| row(mapping, ask)).collect_view()}</tbody>
        </Table>
        {has_unknown
            .then(|| {
                view! {
                    <p class="field-help table-note">
                        "An unknown group was deleted, or exists in the application only. Its mapping is passed on unchanged."
                    </p>
                }
            })}
    }
    .into_any()
}

fn row(mapping: GroupMapping, ask: Option<Callback<GroupMappingId>>) -> AnyView {
    let GroupMapping {
        id,
        tenant: _,
        provider: _,
        claim,
        external_group_id,
        external_group_name,
        internal_group_id,
        internal_group_name,
        created_at: _,
    } = mapping;
    let label = format!("Remove mapping of {}", external_group_name.as_ref().unwrap_or(&external_group_id));
    let note = external_group_name.is_some().then(|| view! { <code>{external_group_id.clone()}</code> });
    view! {
        <tr>
            <th scope="row" class="row-name">
                <span>{external_group_name.unwrap_or_else(|| external_group_id.clone())}</span>
                {note}
            </th>
            <td data-label="Claim"><code>{claim}</code></td>
            <td data-label="Group of the tenant"><InternalGroup id=internal_group_id name=internal_group_name /></td>
            <td class="cell-actions">
                {ask.map(|ask| view! { <Button label on_click=move |()| ask.run(id)>"Remove"</Button> })}
            </td>
        </tr>
    }
    .into_any()
}

/// The group of the tenant by its name, or flagged when it is unknown.
#[component]
pub fn InternalGroup(
    /// The identifier that the mapping keeps.
    id: String,
    /// The group's name; absent when it is unknown.
    name: Option<String>,
) -> impl IntoView {
    match name {
        Some(name) => name.into_any(),
        None => view! { <span class="badges"><code>{id}</code> <StatusBadge tone=Tone::Warning label="Unknown group" /></span> }
            .into_any(),
    }
}
