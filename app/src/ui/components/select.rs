//! A labelled choice of one among a few.

use leptos::prelude::*;

use super::{FieldFrame, FieldIds, FormErrors};

/// A value and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// How it reads.
    pub label: String,
}

impl Choice {
    /// A value and its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A labelled `<select>`. Finds its error in the [`Form`](super::Form) around by `name`.
#[component]
pub fn SelectField(
    /// The label.
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// The value chosen.
    value: RwSignal<String>,
    /// What there is to choose.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What the value does.
    #[prop(optional, into)]
    help: String,
    /// Whether it can be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What the page itself finds wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let reported = FormErrors::of(&name);
    let error = Signal::derive(move || error.get().or_else(|| reported.get()));
    let has_help = !help.is_empty();
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(has_help, error.with(Option::is_some))
    };
    let options = move || {
        let chosen = value.get();
        choices
            .get()
            .into_iter()
            .map(|Choice { value, label }| {
                let selected = value == chosen;
                view! { <option value=value selected=selected prop:selected=selected>{label}</option> }
            })
            .collect_view()
    };
    view! {
        <FieldFrame ids=ids.clone() label help error>
            <select
                class="input select"
                id=ids.input.clone()
                name=name
                aria-describedby=described_by
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                disabled=disabled
                on:change:target=move |event| value.set(event.target().value())
            >
                {options}
            </select>
        </FieldFrame>
    }
}
