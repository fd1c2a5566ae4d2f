//! Adding a group mapping, with known groups as suggestions.

use leptos::prelude::*;

use crate::{
    api::groups::{create_group_mapping, known_external_groups, list_groups},
    domain::{
        group::{GROUPS_CLAIM, Group, GroupFilter, GroupMapping, NewGroupMapping},
        id::{ProviderId, TenantId},
        page::PageRequest,
    },
    ui::{
        components::{Button, ButtonKind, Callout, DialogActions, Field, Form, Tone, Variant},
        state::{use_load, use_submit},
    },
};

/// How many groups of the tenant are offered.
const OFFERED: u32 = 200;

/// The form of a new mapping, in a dialog.
#[component]
pub(super) fn MappingForm(
    /// The tenant that it holds for.
    tenant: TenantId,
    /// The provider that names the group.
    provider: ProviderId,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Called when it was added.
    added: Callback<()>,
) -> impl IntoView {
    let known = use_load(move || known_external_groups(tenant, provider));
    let groups = use_load(move || {
        let filter = GroupFilter { tenant: Some(tenant), search: None };
        list_groups(filter, PageRequest { offset: 0, limit: OFFERED })
    });
    let listed = move || groups.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
    let text = || RwSignal::new(String::new());
    let (external, external_name, internal) = (text(), text(), text());
    let claim = RwSignal::new(GROUPS_CLAIM.to_owned());
    let is_unknown = Memo::new(move |_| {
        let typed = internal.get();
        !typed.trim().is_empty()
            && groups.with(|answer| matches!(answer, Some(Ok(_))))
            && find(&listed(), &typed).is_none()
    });
    let create =
        use_submit(move |new| create_group_mapping(tenant, provider, new), move |_: GroupMapping| added.run(()));
    let send = move |()| {
        let filled =
            |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let typed = filled(internal).unwrap_or_default();
        create.run(NewGroupMapping {
            claim: filled(claim),
            external_group_id: filled(external).unwrap_or_default(),
            external_group_name: filled(external_name),
            internal_group_id: untrack(|| find(&listed(), &typed)).unwrap_or(typed),
        });
    };
    view! {
        <Form error=create.error on_submit=send>
            <Field
                label="Group at the provider"
                name="external_group_id"
                value=external
                monospace=true
                suggestions=Signal::derive(move || known.get().and_then(Result::ok).unwrap_or_default())
                help="As the provider writes it: a name, an identifier or a distinguished name."
            />
            <Field
                label="Display name"
                name="external_group_name"
                value=external_name
                optional=true
                help="For identifiers that are not readable."
            />
            <Field
                label="Group of the tenant"
                name="internal_group_id"
                value=internal
                suggestions=Signal::derive(move || listed().into_iter().map(|group| group.name).collect::<Vec<_>>())
                help="The name of one of the tenant's groups, or a text that the application understands."
            />
            <Show when=move || is_unknown.get()>
                <Callout tone=Tone::Warning title="The tenant has no group of this name.">
                    <p>"You can still add the mapping if the application knows what it means."</p>
                </Callout>
            </Show>
            <Field
                label="Claim"
                name="claim"
                value=claim
                monospace=true
                optional=true
                help="The claim or attribute that lists a user's groups."
            />
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant=Variant::Primary kind=ButtonKind::Submit busy=create.busy>"Add mapping"</Button>
            </DialogActions>
        </Form>
    }
}

/// The identifier of the group that is meant, by its name or by its identifier.
fn find(groups: &[Group], typed: &str) -> Option<String> {
    let typed = typed.trim();
    let is_meant = |group: &&Group| group.name == typed || group.id.prefixed() == typed;
    groups.iter().find(is_meant).map(|group| group.id.prefixed())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{id::GroupId, timestamp::Timestamp};

    #[test]
    fn a_group_is_meant_by_its_name_or_its_identifier() {
        let group = Group {
            id: GroupId(Uuid::from_u128(1)),
            tenant: TenantId(Uuid::nil()),
            name: "Engineering".to_owned(),
            description: None,
            created_at: Timestamp(0),
            updated_at: None,
            version: 1,
        };
        let id = group.id.prefixed();
        let groups = [group];
        assert_eq!(find(&groups, " Engineering ").as_deref(), Some(id.as_str()));
        assert_eq!(find(&groups, &id).as_deref(), Some(id.as_str()));
        assert_eq!(find(&groups, "engineering"), None);
    }
}
