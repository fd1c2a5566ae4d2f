//! The user fields that belong to the provider: users cannot edit them themselves.

use leptos::prelude::*;

use crate::{
    domain::mapping::UserField,
    ui::{
        components::{FieldError, FieldIds, FormErrors},
        pages::providers::text_entry::TextEntry,
        state::memo,
    },
};

/// The user fields as chips to tick, and an input for fields that only the application knows.
#[component]
pub fn ProtectedFields(
    /// The names of the protected fields.
    value: RwSignal<Vec<String>>,
) -> impl IntoView {
    let FieldIds { input, help, error: error_id } = FieldIds::of("protected_fields");
    let help_id = help.clone();
    let error = FormErrors::of("protected_fields");
    let names = Memo::new(move |before: Option<&Vec<String>>| {
        let mut names =
            before.cloned().unwrap_or_else(|| UserField::ALL.map(|field| field.as_str().to_owned()).to_vec());
        value.with(|value| {
            for name in value {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        });
        names
    });
    view! {
        <fieldset class="field scope-editor" id=input tabindex="-1" aria-describedby=help_id>
            <legend class="field-label">"Protected fields"</legend>
            <p class="field-help" id=help>
                "Users of this provider cannot edit these fields of their profile, since the provider is the source of them."
            </p>
            <ul class="scope-chips">
                <For each=move || names.get() key=Clone::clone let:name>
                    <ProtectedField name value />
                </For>
            </ul>
            <FieldError id=error_id error />
            <TextEntry
                id="protected-field-entry"
                label="Another field"
                placeholder="full_name"
                action="Protect field"
                on_add=move |name: String| protect(value, &name, true)
            />
        </fieldset>
    }
}

/// A field to tick.
#[component]
fn ProtectedField(
    /// The field's name.
    name: String,
    /// The names of the protected fields.
    value: RwSignal<Vec<String>>,
) -> impl IntoView {
    let is_protected = {
        let name = name.clone();
        memo(move || value.with(|value| value.contains(&name)))
    };
    let words = name.clone();
    view! {
        <li class="scope-chip" class:is-selected=is_protected>
            <label>
                <input
                    type="checkbox"
                    prop:checked=is_protected
                    on:change:target=move |event| protect(value, &name, event.target().checked())
                />
                <code>{words}</code>
            </label>
        </li>
    }
}

fn protect(value: RwSignal<Vec<String>>, name: &str, on: bool) {
    value.update(|value| crate::ui::pages::providers::forms::scopes::select_scope(value, name, on));
}
