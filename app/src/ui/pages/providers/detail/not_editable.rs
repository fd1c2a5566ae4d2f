//! What stands where a protocol cannot be edited in the portal yet.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::ui::{
    components::{EmptyState, LinkButton},
    routes,
};

/// Says plainly that this cannot be edited here, and where to look.
#[component]
pub fn NotEditable(
    /// The provider.
    state: ProviderState,
    /// What cannot be edited: "connection".
    what: &'static str,
) -> impl IntoView {
    let protocol = untrack(|| state.read(|detail| detail.provider.config.protocol().label())).unwrap_or_default();
    let title = format!("Editing the {what} of {protocol} providers in the portal is not available yet");
    view! {
        <EmptyState title text="Change it through the API it was created with. The overview shows its settings.">
            <LinkButton href=routes::provider(state.id)>"Show overview"</LinkButton>
        </EmptyState>
    }
}
