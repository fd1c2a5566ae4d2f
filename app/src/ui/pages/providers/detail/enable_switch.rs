//! The switch in the header. Enabling happens at once; disabling needs a confirmation, since it locks users out.

use leptos::prelude::*;

use super::{disable_dialog::DisableDialog, state::ProviderState};
use crate::{
    api::{provider_form::ProviderChange, providers::update_provider},
    ui::{
        components::{Callout, Tone},
        state::use_change,
    },
};

/// Whether users may sign in with the provider, as a switch.
#[component]
pub fn EnableSwitch(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let is_enabled = Memo::new(move |_| state.read(|detail| detail.provider.enabled).unwrap_or_default());
    let is_asking = RwSignal::new(false);
    let enable = use_change(
        move |from: i64| async move {
            let change = ProviderChange { enabled: Some(true), ..ProviderChange::default() };
            update_provider(state.id, from, change).await.inspect(|&to| state.wrote(from, to))
        },
        |_| "Provider enabled.",
        |_| {},
    );
    // The switch shows what is stored: it changes only after the server's response.
    let on_click = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if is_enabled.get_untracked() {
            is_asking.set(true);
        } else {
            enable.run(state.version());
        }
    };
    view! {
        <div class="enable-switch switch">
            <input
                type="checkbox"
                role="switch"
                id="provider-enabled"
                aria-busy=move || enable.busy.get().then_some("true")
                prop:checked=is_enabled
                on:click=on_click
            />
            <div class="toggle-words">
                <label for="provider-enabled">"Users may sign in"</label>
            </div>
        </div>
        <DisableDialog state open=is_asking />
        {move || enable.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
    }
}
