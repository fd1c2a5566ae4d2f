//! Values to copy.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{Icon, IconView};

/// A value in monospace with a button that copies it and confirms that.
#[component]
pub fn CopyField(
    /// What the value is: "Callback URL".
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
    /// Where to enter it.
    #[prop(optional, into)]
    help: String,
) -> impl IntoView {
    view! {
        <div class="field copy-field">
            <p class="field-label">{label.clone()}</p>
            <div class="copy-row">
                <code class="copy-value">{value}</code>
                <CopyButton value label />
            </div>
            {(!help.is_empty()).then(|| view! { <p class="field-help">{help}</p> })}
        </div>
    }
}

/// The button alone, for values within a sentence or a table.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    value: Signal<String>,
    /// What the value is, for assistive technology: "Copy callback URL".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        let text = value.get_untracked();
        spawn_local(async move {
            let worked = write_clipboard(&text).await;
            said.try_set(if worked { "Copied" } else { "Select the value and copy it with the keyboard" });
            set_timeout(
                move || {
                    said.try_set("");
                },
                Duration::from_secs(3),
            );
        });
    };
    view! {
        <span class="copy-button">
            <button type="button" class="button button-secondary button-small" aria-label=format!("Copy {label}") on:click=copy>
                <IconView icon=Icon::Copy />
                "Copy"
            </button>
            <span class="copy-said" role="status">{said}</span>
        </span>
    }
}

/// The clipboard exists on secure origins only.
async fn write_clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    let exists = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|value| !value.is_undefined());
    exists && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
