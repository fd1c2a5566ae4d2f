//! Tries a provider out: a whole sign-in in a new window, whose result appears here.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    api::{
        ApiError,
        sign_ins::{SignInDetail, begin_test_sign_in, get_sign_in},
    },
    domain::{
        id::ProviderId,
        problem::ServiceError,
        sign_in::{AttemptOutcome, SignInTest, StepFailure},
        words::sentence,
    },
    ui::{
        components::{Button, Callout, StatusBadge, Tone},
        pages::sign_ins::{PreviewResult, words::outcome_tone},
        routes,
        state::{use_lookup, use_submit},
    },
};

/// How long to wait before the result is looked up again.
const PAUSE: Duration = Duration::from_secs(2);

/// The button, and the result of the test once the window is done.
#[component]
pub(super) fn TestSignIn(
    /// The provider.
    id: ProviderId,
) -> impl IntoView {
    let begun = RwSignal::new(None::<SignInTest>);
    let result = RwSignal::new(None::<SignInDetail>);
    let look = use_lookup(
        |reference: String| async move {
            match get_sign_in(reference).await {
                Ok(detail) if detail.summary.attempt.outcome != AttemptOutcome::Started => Ok(Some(detail)),
                Ok(_) | Err(ApiError::Offline) => Ok(None),
                Err(error) => Err(error),
            }
        },
        move |found: Option<SignInDetail>| result.set(found),
    );
    // Looks again while the test is under way.
    let timer = StoredValue::new(None::<leptos::leptos_dom::helpers::IntervalHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        if result.with(Option::is_some) || look.error.with(Option::is_some) {
            stop();
        }
    });
    let begin = use_submit(
        move |()| begin_test_sign_in(id, None),
        move |test: SignInTest| {
            // No opener: the provider's pages must not reach this one. So it is not known whether a window opened.
            let _ = window().open_with_url_and_target_and_features(&test.url, "_blank", "noopener");
            let reference = test.reference.clone();
            begun.set(Some(test));
            stop();
            let again = move || look.run(reference.clone());
            timer.set_value(set_interval_with_handle(again, PAUSE).ok());
        },
    );
    let start = move |()| {
        result.set(None);
        begun.set(None);
        look.reset();
        begin.run(());
    };
    let waits = Memo::new(move |_| {
        let is_over = result.with(Option::is_some) || look.error.with(Option::is_some);
        begun.get().filter(|_| !is_over)
    });
    let failure = move || begin.error.get().or_else(|| look.error.get()).map(|error| explain(&error));
    view! {
        <div class="test-panel">
            <p class="card-actions"><Button busy=begin.busy on_click=start>"Test sign-in"</Button></p>
            <div role="status">
                {move || {
                    waits
                        .get()
                        .map(|test| {
                            view! {
                                <p class="test-summary">
                                    "Sign in in the new window; the result appears here. If no window opened: "
                                    <a href=test.url target="_blank" rel="noopener">"open the test sign-in"</a>
                                    "."
                                </p>
                            }
                        })
                }}
            </div>
            {move || result.get().map(outcome)}
            {move || failure().map(|title| view! { <Callout tone=Tone::Danger title /> })}
        </div>
    }
}

fn explain(error: &ApiError) -> String {
    match error {
        ApiError::Service(ServiceError::NotFound { .. }) => "The test is gone. Begin another one.".to_owned(),
        other => other.explain(),
    }
}

/// How the test ended, with the way to its steps.
fn outcome(detail: SignInDetail) -> AnyView {
    let SignInDetail { summary, steps, preview, .. } = detail;
    let attempt = summary.attempt;
    let failure = steps.into_iter().rev().find_map(|step| step.failure).filter(|_| preview.is_none());
    view! {
        <p class="badges" role="status">
            <StatusBadge tone=outcome_tone(attempt.outcome) label=attempt.outcome.label() />
            <a href=routes::sign_in(&attempt.reference)>"Show every step"</a>
        </p>
        {preview.map(|preview| view! { <PreviewResult preview /> })}
        {failure.map(failed)}
    }
    .into_any()
}

fn failed(failure: StepFailure) -> AnyView {
    let StepFailure { message, rule, advice } = failure;
    view! {
        <Callout tone=Tone::Warning title=sentence(&message)>
            {rule.map(|rule| view! { <p class="muted">{rule}</p> })}
            <p>{advice}</p>
        </Callout>
    }
    .into_any()
}
