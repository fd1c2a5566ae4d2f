//! Which claims become which user fields.

use leptos::prelude::*;

use super::{state::CreateState, step_frame::StepFrame};
use crate::ui::pages::providers::{forms::step::Step, mapping::MappingEditor};

/// The second step.
#[component]
pub fn MapStep(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let report = state.fetched.get_untracked().map(|fetched| fetched.report);
    view! {
        <StepFrame
            state
            step=Step::Map
            lead="The suggestions are filled in. The first claim that has a usable value wins."
        >
            <MappingEditor fields=state.mapping report />
        </StepFrame>
    }
}
