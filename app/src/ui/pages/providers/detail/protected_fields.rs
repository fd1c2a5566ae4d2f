//! User fields that the provider supplies, so that users cannot edit them.

use leptos::prelude::*;

use crate::{
    domain::mapping::UserField,
    ui::{
        components::{FieldError, FieldIds, FormErrors},
        pages::providers::{forms::scopes::select_scope, text_entry::TextEntry, tick_chip::tick_chip},
    },
};

/// The user fields as chips, and an input for fields that only the application knows.
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
                "Users of this provider cannot edit these profile fields, since the provider supplies them."
            </p>
            <ul class="scope-chips">
                <For each=move || names.get() key=String::clone let:name>{tick_chip(name, String::new(), value)}</For>
            </ul>
            <FieldError id=error_id error />
            <TextEntry
                id="protected-field-entry"
                label="Another field"
                placeholder="full_name"
                action="Protect field"
                on_add=move |name: String| value.update(|value| select_scope(value, &name, true))
            />
        </fieldset>
    }
}
