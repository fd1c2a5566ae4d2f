//! The user fields in groups, each with its claims and suggestions.

use leptos::prelude::*;

use super::{claim_tokens::noun_of, field_row::FieldRow};
use crate::{
    domain::{
        mapping::{AttributeMapping, UserField},
        provider::Protocol,
    },
    ui::{
        components::{Callout, Checkbox, Table, Tone},
        pages::providers::forms::{
            field_groups::FieldGroup,
            suggestions::{Offer, interesting_fields},
            words::in_order,
        },
    },
};

/// The user fields: at first those that are mapped or have suggestions, on request all.
#[component]
pub fn FieldTable(
    /// Which claims fill which user fields.
    attributes: RwSignal<AttributeMapping>,
    /// What is known about the provider's claims.
    offer: Offer,
) -> impl IntoView {
    // Decided once: a row must not vanish when its last claim is removed.
    let interesting = attributes.with_untracked(|attributes| interesting_fields(attributes, &offer));
    let show_all = RwSignal::new(interesting.is_empty());
    let interesting = StoredValue::new(interesting);
    // Only OpenID providers publish claims.
    let publishes_no_claims = offer.is_silent;
    // Attributes of directories have no paths.
    let has_paths = offer.protocol != Protocol::Ldap;
    let offer = StoredValue::new(offer);
    let mapped = Memo::new(move |_| attributes.with(AttributeMapping::len));
    let groups = FieldGroup::ALL
        .into_iter()
        .map(|group| {
            let fields = Memo::new(move |_| {
                if show_all.get() {
                    group.fields(&UserField::ALL.into())
                } else {
                    interesting.with_value(|shown| group.fields(shown))
                }
            });
            view! { <Group group fields attributes offer /> }
        })
        .collect_view();
    view! {
        <div class="mapping-fields">
            <div class="mapping-bar">
                <h3 id="mapping-fields-title">"User fields"</h3>
                <p class="mapping-count" role="status">
                    {move || format!("{} of {} fields mapped", mapped.get(), UserField::ALL.len())}
                </p>
                <Checkbox label="Show all fields" name="show_all_fields" value=show_all />
            </div>
            {publishes_no_claims
                .then(|| {
                    view! {
                        <Callout tone=Tone::Info title="The provider does not list its claims.">
                            <p>"Paste one of its tokens into the preview to see them, and enter claims by hand."</p>
                        </Callout>
                    }
                })}
            {has_paths
                .then(|| {
                    view! {
                        <p class="muted">
                            "A name can be a path into its value: " <code>"emails[0]"</code> " selects an item of a list, "
                            <code>"groups[].name"</code> " a member of each of its objects, " <code>"roles{}"</code>
                            " the names of members, and " <code>"groups[,]"</code> " the parts of a text."
                        </p>
                    }
                })}
            {groups}
        </div>
    }
}

/// A group of fields, unless none of them is shown.
#[component]
fn Group(
    /// The group.
    group: FieldGroup,
    /// Its fields that are shown.
    fields: Memo<Vec<UserField>>,
    /// Which claims fill which user fields.
    attributes: RwSignal<AttributeMapping>,
    /// What is known about the provider's claims.
    offer: StoredValue<Offer>,
) -> impl IntoView {
    view! {
        <Show when=move || fields.with(|fields| !fields.is_empty())>
            <h4 class="mapping-group">{group.label()}</h4>
            <Table caption=format!("{} fields", group.label())>
                <thead>
                    <tr>
                        <th scope="col">"User field"</th>
                        <th scope="col">{in_order(noun_of(offer))}</th>
                        <th scope="col">"Suggestions"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || fields.get() key=|field| field.as_str() let:field>
                        <FieldRow field attributes offer />
                    </For>
                </tbody>
            </Table>
        </Show>
    }
}
