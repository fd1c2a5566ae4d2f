//! Asks before a provider is disabled, counting who is affected.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::{
        provider_form::ProviderChange,
        providers::{provider_impact, update_provider},
    },
    domain::id::ProviderId,
    ui::{
        components::ConfirmDialog,
        pages::providers::forms::words,
        state::{use_change, use_load},
    },
};

/// The question, and the call when it is confirmed.
#[component]
pub fn DisableDialog(
    /// The provider.
    state: ProviderState,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let disable = use_change(
        move |from: i64| async move {
            let change = ProviderChange { enabled: Some(false), ..ProviderChange::default() };
            // The danger zone may be left by the time of the response, while the page is still there.
            update_provider(state.id, from, change).await.inspect(|&to| state.wrote(from, to))
        },
        |_| "Provider disabled.",
        move |_| open.set(false),
    );
    Effect::new(move || {
        if open.get() {
            disable.reset();
        }
    });
    let name = move || state.read(|detail| detail.provider.label().to_owned()).unwrap_or_default();
    view! {
        <ConfirmDialog
            open
            title=Signal::derive(move || format!("Disable {}", name()))
            confirm="Disable provider"
            busy=disable.busy
            error=disable.error
            on_confirm=move |()| disable.run(state.version())
        >
            <ImpactText id=state.id />
            <p>"Users cannot sign in with it until it is enabled again. Running sessions continue, and its settings are kept."</p>
        </ConfirmDialog>
    }
}

/// Who is affected by disabling or deleting; counted when it is shown.
#[component]
pub fn ImpactText(
    /// The provider.
    id: ProviderId,
) -> impl IntoView {
    let impact = use_load(move || provider_impact(id));
    view! {
        <p class="impact" role="status">
            {move || match impact.get() {
                None => "Counting who is affected…".to_owned(),
                Some(Ok(impact)) => words::impact(impact),
                Some(Err(error)) => format!("Could not count who is affected. {}", error.explain()),
            }}
        </p>
    }
}
