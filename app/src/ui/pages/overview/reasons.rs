//! Why sign-ins ended without a session.

use leptos::prelude::*;

use super::period::Period;
use crate::{
    domain::sign_in::{AttemptOutcome, ReasonCount},
    ui::{
        components::{EmptyState, StatusBadge, Table},
        pages::sign_ins::words::{outcome_tone, reason as reason_words},
        routes,
    },
};

/// How many reasons are shown.
const SHOWN: usize = 8;

/// The most frequent reasons, each with a link to its sign-ins.
pub(super) fn reasons(counts: Vec<ReasonCount>, period: Period) -> AnyView {
    if counts.is_empty() {
        return view! { <EmptyState title="No sign-in failed" /> }.into_any();
    }
    let rows = counts.into_iter().take(SHOWN).map(|count| row(count, period)).collect_view();
    view! {
        <Table caption="Why sign-ins failed">
            <thead>
                <tr>
                    <th scope="col">"Reason"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col">"Sign-ins"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn row(count: ReasonCount, period: Period) -> AnyView {
    let ReasonCount { outcome, reason, count } = count;
    let href = listed(outcome, &reason, period);
    view! {
        <tr>
            <th scope="row" class="row-name"><a href=href>{reason_words(&reason)}</a></th>
            <td data-label="Outcome"><StatusBadge tone=outcome_tone(outcome) label=outcome.label() /></td>
            <td data-label="Sign-ins">{count.to_string()}</td>
        </tr>
    }
    .into_any()
}

/// The list of these sign-ins. Reasons are words of letters and underscores.
fn listed(outcome: AttemptOutcome, reason: &str, period: Period) -> String {
    format!("{}?outcome={}&reason={reason}&period={}", routes::SIGN_INS, outcome.as_str(), period.of_list())
}
