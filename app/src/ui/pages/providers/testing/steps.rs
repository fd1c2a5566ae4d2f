//! The steps of a test.

use leptos::prelude::*;

use crate::{
    domain::connection::{StepName, StepStatus, TestStep},
    ui::components::{IconView, Tone, duration},
};

/// The tone and the label of a result.
pub const fn outcome(status: StepStatus) -> (Tone, &'static str) {
    match status {
        StepStatus::Ok => (Tone::Success, "Working"),
        StepStatus::Warning => (Tone::Warning, "Warning"),
        StepStatus::Failed => (Tone::Danger, "Failed"),
    }
}

/// The steps in order, with their results and advice; the running one comes last.
#[component]
pub fn StepList(
    /// The steps that ended.
    steps: Vec<TestStep>,
    /// What runs now.
    #[prop(optional_no_strip)]
    running: Option<StepName>,
) -> impl IntoView {
    let running = running.map(|name| {
        view! {
            <li class="test-step is-running">
                <span class="test-spinner" aria-hidden="true"></span>
                <div class="test-step-words"><p><strong>{name.label()}</strong> <span class="muted">"running"</span></p></div>
            </li>
        }
    });
    view! { <ol class="test-steps">{steps.into_iter().map(step).collect_view()} {running}</ol> }
}

fn step(step: TestStep) -> AnyView {
    let TestStep { name, status, ms, message, advice } = step;
    let (tone, word) = outcome(status);
    view! {
        <li class=format!("test-step tone-{}", tone.as_str())>
            <IconView icon=tone.icon() />
            <div class="test-step-words">
                <p>
                    <strong>{name.label()}</strong>
                    <span class="visually-hidden">{format!(": {word}")}</span>
                    " "
                    <span class="muted">{duration(ms.into())}</span>
                </p>
                <p>{message}</p>
                {(!advice.is_empty()).then(|| view! { <p class="test-advice">{advice}</p> })}
            </div>
        </li>
    }
    .into_any()
}
