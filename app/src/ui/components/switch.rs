//! A switch for what takes effect, and a checkbox for forms.

use leptos::prelude::*;

use super::{FieldError, FieldIds, FormErrors};

/// A switch: label and help at the left, on or off at the right. Native checkbox with `role="switch"`.
#[component]
pub fn Switch(
    /// The label: a claim that is true when on.
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// Whether it is on.
    value: RwSignal<bool>,
    /// What turning it on does.
    #[prop(optional, into)]
    help: String,
    /// Whether it can be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    toggle("switch", Some("switch"), label, name, value, help, disabled)
}

/// A checkbox with its label at the right.
#[component]
pub fn Checkbox(
    /// The label: a claim that is true when ticked.
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// What ticking it does.
    #[prop(optional, into)]
    help: String,
    /// Whether it can be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    toggle("checkbox", None, label, name, value, help, disabled)
}

fn toggle(
    class: &'static str,
    role: Option<&'static str>,
    label: String,
    name: String,
    value: RwSignal<bool>,
    help: String,
    disabled: Signal<bool>,
) -> AnyView {
    let ids = FieldIds::of(&name);
    let error = FormErrors::of(&name);
    let has_help = !help.is_empty();
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(has_help, error.with(Option::is_some))
    };
    let FieldIds { input, help: help_id, error: error_id } = ids;
    view! {
        <div class=class>
            <input
                type="checkbox"
                role=role
                id=input.clone()
                name=name
                aria-describedby=described_by
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                disabled=disabled
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            <div class="toggle-words">
                <label for=input>{label}</label>
                {(!help.is_empty()).then(|| view! { <p class="field-help" id=help_id>{help}</p> })}
                <FieldError id=error_id error=error />
            </div>
        </div>
    }
    .into_any()
}
