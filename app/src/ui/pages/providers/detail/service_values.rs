//! The values that a SAML provider needs about Vestibule, to copy.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::ui::components::CopyField;

/// The addresses and names to enter at the provider.
#[component]
pub fn ServiceValues(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let callback = Signal::derive(move || state.read(|detail| detail.callback_url.clone()).unwrap_or_default());
    let entity_id = Signal::derive(move || state.read(|detail| detail.service_entity_id()).unwrap_or_default());
    view! {
        <div class="service-values">
            <CopyField
                label="Assertion consumer service (ACS) URL"
                value=callback
                help="Where the provider posts its responses. Also called reply URL or single sign-on URL."
            />
            <CopyField label="Vestibule's entity ID" value=entity_id help="Also called audience or identifier. Vestibule's metadata is published at this URL; most providers can read it." />
        </div>
    }
}
