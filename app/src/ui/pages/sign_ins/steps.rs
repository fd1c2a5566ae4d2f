//! The steps of a sign-in.

use leptos::prelude::*;

use crate::{
    domain::{
        sign_in::{Answered, Asked, StepFailure, TraceStep},
        words::{counted, sentence},
    },
    ui::components::{IconView, Tone, duration},
};

/// The steps in order: what was asked, what came back, and the check that failed.
#[component]
pub(super) fn StepList(
    /// The steps.
    steps: Vec<TraceStep>,
) -> impl IntoView {
    view! { <ol class="test-steps">{steps.into_iter().map(step).collect_view()}</ol> }
}

fn step(step: TraceStep) -> AnyView {
    let TraceStep { name, took_micros, asked, answered, failure } = step;
    let (tone, word) = if failure.is_some() { (Tone::Danger, "Failed") } else { (Tone::Success, "Passed") };
    view! {
        <li class=format!("test-step tone-{}", tone.as_str())>
            <IconView icon=tone.icon() />
            <div class="test-step-words">
                <p>
                    <strong>{name.label()}</strong>
                    <span class="visually-hidden">{format!(": {word}")}</span>
                    " "
                    <span class="muted">{took(took_micros)}</span>
                </p>
                {asked.map(|Asked { method, address }| view! { <p class="trace-call"><code>{format!("{method} {address}")}</code></p> })}
                {answered.and_then(answer)}
                {failure.map(failed)}
            </div>
        </li>
    }
    .into_any()
}

fn took(micros: u64) -> String {
    match micros / 1000 {
        0 => "under 1 ms".to_owned(),
        ms => duration(ms),
    }
}

fn answer(answered: Answered) -> Option<AnyView> {
    let Answered { status, claims } = answered;
    let status = status.map(|status| view! { <p>{format!("Answered with HTTP {status}.")}</p> });
    let claims = (!claims.is_empty()).then(|| {
        view! {
            <details class="changes">
                <summary>{counted(claims.len(), "claim")}</summary>
                <p class="trace-claims"><code>{claims.join(" ")}</code></p>
            </details>
        }
    });
    (status.is_some() || claims.is_some()).then(|| view! { {status} {claims} }.into_any())
}

/// The check that failed, with the rule that it breaks and what to do about it.
fn failed(failure: StepFailure) -> AnyView {
    let StepFailure { message, rule, advice } = failure;
    view! {
        <p>{sentence(&message)}</p>
        {rule.map(|rule| view! { <p class="muted">{rule}</p> })}
        <p class="test-advice">{advice}</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sign_in::StepName;

    fn failing() -> TraceStep {
        TraceStep {
            name: StepName::TokenCheck,
            took_micros: 400,
            asked: Some(Asked { method: "POST".to_owned(), address: "https://id.example/token".to_owned() }),
            answered: Some(Answered { status: Some(200), claims: vec!["iss".to_owned(), "sub".to_owned()] }),
            failure: Some(StepFailure {
                message: "it is for another client".to_owned(),
                rule: Some("RFC 7519, section 4.1.3".to_owned()),
                advice: "Check the client ID.".to_owned(),
            }),
        }
    }

    #[test]
    fn a_failed_step_shows_the_request_the_rule_and_the_advice() {
        let html = step(failing()).to_html();
        for text in [
            "Check of the token",
            "under 1 ms",
            "POST https://id.example/token",
            "HTTP 200",
            "2 claims",
            "iss sub",
            "It is for another client.",
            "RFC 7519, section 4.1.3",
            "Check the client ID.",
            ": Failed",
        ] {
            assert!(html.contains(text), "{text} is missing in {html}");
        }
    }

    #[test]
    fn a_step_without_requests_is_one_line() {
        let passed = TraceStep { asked: None, answered: None, failure: None, took_micros: 2_500, ..failing() };
        let html = step(passed).to_html();
        assert!(html.contains("2 ms") && html.contains(": Passed") && !html.contains("<details"), "{html}");
    }
}
