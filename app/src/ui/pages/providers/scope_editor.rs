//! The scopes to request.

use leptos::prelude::*;

use super::{
    forms::{
        lists::{check_scope, filled},
        options::add_scope,
        scopes::{ScopeRow, scope_rows},
    },
    text_entry::TextEntry,
    tick_chip::tick_chip,
};
use crate::{
    domain::{discovery::DiscoveryReport, mapping::AttributeMapping},
    ui::components::{FieldError, FieldIds, FormErrors},
};

/// The scopes to request: `openid` always, the others as chips, and an input for more.
#[component]
pub fn ScopeEditor(
    /// The scopes beside `openid`.
    value: RwSignal<Vec<String>>,
    /// The mapping, which needs some of them.
    #[prop(into)]
    attributes: Signal<AttributeMapping>,
    /// What the provider offers.
    report: Option<DiscoveryReport>,
) -> impl IntoView {
    let ids = FieldIds::of("extra_scopes");
    let error = FormErrors::of("extra_scopes");
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(true, error.with(Option::is_some))
    };
    let report = StoredValue::new(report);
    let rows = Memo::new(move |_| {
        report.with_value(|report| value.with(|value| attributes.with(|map| scope_rows(value, map, report.as_ref()))))
    });
    let missing = Memo::new(move |_| {
        rows.with(|rows| {
            rows.iter().filter(|row| !row.is_selected && !row.needed_for.is_empty()).cloned().collect::<Vec<_>>()
        })
    });
    let add_missing = move |_| {
        value.update(|value| missing.with_untracked(|rows| rows.iter().for_each(|row| add_scope(value, &row.scope))));
    };
    // A note is drawn once, so it is part of the key.
    let key = |row: &ScopeRow| format!("{} {}", row.scope, note(row));
    let chip = move |row: ScopeRow| {
        let note = note(&row);
        tick_chip(row.scope, note, value)
    };
    let check = Callback::new(|text: String| text.split_whitespace().find_map(check_scope));
    view! {
        <fieldset class="field scope-editor" id=ids.input tabindex="-1" aria-describedby=described_by>
            <legend class="field-label">"Scopes"</legend>
            <p class="field-help" id=ids.help>
                "The scopes that Vestibule requests. The provider sends a claim only if its scope is requested."
            </p>
            <ul class="scope-chips">
                <li class="scope-chip is-fixed">
                    <label>
                        <input type="checkbox" checked=true disabled=true />
                        <code>"openid"</code>
                        <span class="scope-note">"always"</span>
                    </label>
                </li>
                <For each=move || rows.get() key=key children=chip />
            </ul>
            <Show when=move || missing.with(|rows| !rows.is_empty())>
                <p class="scope-missing">
                    {move || {
                        let names = missing.with(|rows| rows.iter().map(|row| row.scope.clone()).collect::<Vec<_>>());
                        format!("The mapping needs further scopes: {}. ", filled(&names).join(", "))
                    }}
                    <button type="button" class="link" on:click=add_missing>"Add required scopes"</button>
                </p>
            </Show>
            <FieldError id=ids.error error />
            <TextEntry
                id="scope-entry"
                label="Another scope"
                placeholder="groups"
                action="Add scope"
                check
                on_add=move |text: String| value.update(|value| add_scope(value, &text))
            />
        </fieldset>
    }
}

/// What a scope is for, beside its chip.
fn note(row: &ScopeRow) -> String {
    let fields = row.needed_for.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
    match (fields.is_empty(), row.is_offered) {
        (false, _) => format!("needed for {fields}"),
        (true, Some(false)) => "not listed by the provider".to_owned(),
        (true, Some(true) | None) => String::new(),
    }
}
