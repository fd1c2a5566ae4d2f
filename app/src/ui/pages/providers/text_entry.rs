//! A small input that adds something to a list beside it.

use leptos::{ev::KeyboardEvent, prelude::*};

/// An input with an "Add" button. Enter adds as well, and does not submit the form around.
#[component]
pub fn TextEntry(
    /// The input's id, so that the focus can come back to it.
    #[prop(into)]
    id: String,
    /// What is typed, for assistive technology: "Claim to add for Email address".
    #[prop(into)]
    label: String,
    /// An example.
    #[prop(optional, into)]
    placeholder: String,
    /// The id of a `<datalist>` with what is offered.
    #[prop(optional)]
    list: &'static str,
    /// The words on the button.
    #[prop(default = "Add")]
    action: &'static str,
    /// Checks the text; a message prevents adding it.
    #[prop(optional, into)]
    check: Option<Callback<String, Option<String>>>,
    /// Called with what was typed.
    #[prop(into)]
    on_add: Callback<String>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let error_id = format!("{id}-error");
    let described_by = {
        let error_id = error_id.clone();
        move || problem.with(Option::is_some).then(|| error_id.clone())
    };
    let add = move || {
        let typed = text.get_untracked().trim().to_owned();
        if typed.is_empty() {
            return;
        }
        let found = check.and_then(|check| check.run(typed.clone()));
        if found.is_none() {
            text.set(String::new());
            on_add.run(typed);
        }
        problem.set(found);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add();
        }
    };
    view! {
        <div class="text-entry">
            <input
                class="input is-code"
                type="text"
                id=id
                list=(!list.is_empty()).then_some(list)
                aria-label=label.clone()
                aria-describedby=described_by
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                placeholder=placeholder
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                prop:value=move || text.get()
                on:input:target=move |event| {
                    problem.set(None);
                    text.set(event.target().value());
                }
                on:keydown=on_key
            />
            <button type="button" class="button button-secondary button-small" aria-label=format!("{action}: {label}") on:click=move |_| add()>
                {action}
            </button>
            {move || problem.get().map(|problem| view! { <p class="field-error" id=error_id.clone()>{problem}</p> })}
        </div>
    }
}
