//! Which claims become which user fields.

use leptos::prelude::*;

use super::{connection::ConnectionParts, state::CreateState, step_frame::StepFrame};
use crate::{
    domain::provider::Protocol,
    ui::pages::providers::{
        forms::{step::CreateStep, suggestions::KnownClaims},
        mapping::MappingEditor,
    },
};

/// The second step.
#[component]
pub fn MapStep(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let (known_claims, lead) = match state.connection {
        ConnectionParts::Saml(fields, reader) => (
            fields.entity_id.with_untracked(|id| KnownClaims::of_saml(id, &reader.attributes())),
            "Choose the attributes that fill your user fields. The first one that has a usable value wins.",
        ),
        ConnectionParts::Oidc(_) | ConnectionParts::Ldap(_) => (
            state
                .fetched
                .get_untracked()
                .map_or_else(|| KnownClaims::unknown(Protocol::Oidc), |fetched| KnownClaims::of_report(fetched.report)),
            "The suggestions are filled in. The first claim that has a usable value wins.",
        ),
    };
    view! {
        <StepFrame
            state
            step=CreateStep::Map
            lead
        >
            <MappingEditor fields=state.mapping known_claims />
        </StepFrame>
    }
}
