//! Identity, endpoints and signatures of a SAML provider: read from metadata, or entered by hand.

use leptos::prelude::*;

use super::{state::CreateState, step_frame::StepFrame};
use crate::ui::pages::providers::{
    forms::step::CreateStep,
    saml::{MetadataReader, SamlFields, SamlInputs},
};

/// The first step of a SAML provider.
#[component]
pub fn SamlStep(
    /// The state of creating.
    state: CreateState,
    /// The inputs.
    fields: SamlFields,
    /// Reads metadata into them.
    reader: MetadataReader,
) -> impl IntoView {
    view! {
        <StepFrame
            state
            step=CreateStep::Connect
            lead="Read the provider's metadata, or enter the values by hand."
        >
            {reader.view()}
            <SamlInputs fields />
        </StepFrame>
    }
}
