//! An input for a new secret: masked, with a button that shows it.

use leptos::prelude::*;

use crate::ui::components::{FieldFrame, FieldIds, FormErrors};

/// A masked input with a button that shows its text. For stored secrets use
/// [`SecretField`](crate::ui::components::SecretField).
#[component]
pub fn SecretInputField(
    /// The label.
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What the secret is, or where to find it.
    #[prop(optional, into)]
    help: String,
    /// Whether the field may be empty; shown beside the label.
    #[prop(default = true)]
    optional: bool,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let error = FormErrors::of(&name);
    let is_shown = RwSignal::new(false);
    let has_help = !help.is_empty();
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(has_help, error.with(Option::is_some))
    };
    let reveal = format!("Show {}", label.to_ascii_lowercase());
    view! {
        <FieldFrame ids=ids.clone() label optional help error>
            <div class="secret-input">
                <input
                    class="input is-code"
                    type=move || if is_shown.get() { "text" } else { "password" }
                    id=ids.input.clone()
                    name=name
                    autocomplete="new-password"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described_by
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                />
                <button
                    type="button"
                    class="button button-secondary"
                    aria-label=reveal
                    aria-pressed=move || if is_shown.get() { "true" } else { "false" }
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {move || if is_shown.get() { "Hide" } else { "Show" }}
                </button>
            </div>
        </FieldFrame>
    }
}
