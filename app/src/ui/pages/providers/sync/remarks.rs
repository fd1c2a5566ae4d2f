//! Why a run is incomplete, and its warnings.

use leptos::prelude::*;

use super::words::above_zero;
use crate::{
    domain::{
        sync::{Omitted, Safeguard, SyncFailure, SyncFailureCode, SyncLog, SyncStatus},
        words::{agree, counted},
    },
    ui::components::{Callout, Tone},
};

/// The remarks about a run: that nothing was written, why it is incomplete, its warnings, and entries that were not
/// stored.
#[component]
pub(super) fn Remarks(
    /// The log of the run.
    log: SyncLog,
) -> impl IntoView {
    let has_ended = log.status != SyncStatus::Running;
    let dry_run = (log.dry_run && has_ended).then(|| {
        view! {
            <Callout tone=Tone::Info title="Nothing was written">
                <p>"A synchronisation would make the changes listed here."</p>
            </Callout>
        }
    });
    let incomplete = match (log.failure, log.safeguard.filter(|safeguard| safeguard.triggered)) {
        (_, Some(safeguard)) => Some(kept(safeguard)),
        (Some(failure), None) => Some(failed(failure, log.status)),
        (None, None) => None,
    };
    let warnings = (!log.warnings.is_empty()).then(|| {
        let warnings = log.warnings.into_iter().map(|warning| view! { <p>{warning}</p> }).collect_view();
        view! { <Callout tone=Tone::Warning title="Warnings">{warnings}</Callout> }
    });
    let omitted = log.entries_truncated.then(|| view! { <Callout tone=Tone::Info title=omitted(&log.omitted) /> });
    view! {
        {dry_run}
        {incomplete}
        {warnings}
        {omitted}
    }
}

/// The remark that the safeguard stopped deactivations.
fn kept(safeguard: Safeguard) -> AnyView {
    view! {
        <Callout tone=Tone::Warning title=missing(safeguard)>
            <p>"They keep their access: the safeguard stops deactivations when so many users are missing at once."</p>
            <p>"The usual cause is a changed search base, filter or permission in the directory. Check these first."</p>
            <p>"If these users are really gone, confirm it by hand."</p>
        </Callout>
    }
    .into_any()
}

fn missing(safeguard: Safeguard) -> String {
    let Safeguard { triggered: _, vanished, linked, limit_percent } = safeguard;
    let were = agree(vanished, "was", "were");
    format!("{vanished} of {} {were} not found, more than {limit_percent}%", counted(linked, "user"))
}

fn failed(failure: SyncFailure, status: SyncStatus) -> AnyView {
    let SyncFailure { code, message } = failure;
    let tone = if status == SyncStatus::Failed { Tone::Danger } else { Tone::Warning };
    view! {
        <Callout tone title=code.label()>
            <p>{message}</p>
            {advice(code).map(|advice| view! { <p>{advice}</p> })}
        </Callout>
    }
    .into_any()
}

/// What to do about a failure, where its message does not say it.
const fn advice(code: SyncFailureCode) -> Option<&'static str> {
    Some(match code {
        SyncFailureCode::ConnectFailed => {
            "Check the URL and the network. Private addresses must be allowed by the operator (outbound.allow)."
        }
        SyncFailureCode::BindFailed => "The account may also be locked.",
        SyncFailureCode::BaseNotFound => "Check the base DNs of the directory, users and groups.",
        SyncFailureCode::SearchFailed => "Check filters and attributes.",
        SyncFailureCode::Timeout => "Increase the timeouts, or narrow the search.",
        SyncFailureCode::ConnectionLost => "Run it again. Check for proxies that close connections.",
        SyncFailureCode::TooManyEntries => "Narrow the search, or raise the entry limit.",
        SyncFailureCode::Interrupted => "No action is needed: the next run continues.",
        SyncFailureCode::Internal => "See the server's log for details.",
        // The messages of these already say what to do.
        SyncFailureCode::TlsFailed
        | SyncFailureCode::LimitExceeded
        | SyncFailureCode::Safeguard
        | SyncFailureCode::Cancelled => return None,
    })
}

/// How many entries the log had no room for.
fn omitted(omitted: &Omitted) -> String {
    let Omitted { failed, skipped, changed } = *omitted;
    let parts = above_zero(&[(failed, "failed"), (skipped, "skipped or partly applied"), (changed, "changed")]);
    if parts.is_empty() {
        return "There were more entries than are stored.".to_owned();
    }
    format!("{} not stored: {parts}. Failures are stored first.", counted(omitted.total(), "entry"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::sync::fixtures::log;

    fn html(log: SyncLog) -> String {
        Owner::new().with(|| view! { <Remarks log /> }.to_html())
    }

    #[test]
    fn a_dry_run_says_that_nothing_was_written() {
        let dry = |status| SyncLog { dry_run: true, ..log(status) };
        assert!(html(dry(SyncStatus::Success)).contains("Nothing was written"));
        assert!(!html(dry(SyncStatus::Running)).contains("Nothing was written"));
    }

    #[test]
    fn the_safeguard_is_explained_with_its_numbers() {
        let safeguard = Safeguard { triggered: true, vanished: 6, linked: 10, limit_percent: 20 };
        let failure = SyncFailure { code: SyncFailureCode::Safeguard, message: "Too many.".to_owned() };
        let kept = SyncLog { safeguard: Some(safeguard), failure: Some(failure), ..log(SyncStatus::Partial) };
        let html = html(kept);
        assert!(html.contains("6 of 10 users were not found, more than 20%"), "{html}");
        assert!(html.contains("tone-warning") && !html.contains("Too many."), "{html}");
    }

    #[test]
    fn a_failure_says_what_to_do() {
        let failure = SyncFailure { code: SyncFailureCode::BaseNotFound, message: "No such base.".to_owned() };
        let html = html(SyncLog { failure: Some(failure), ..log(SyncStatus::Failed) });
        for text in ["tone-danger", "Search base not found", "No such base.", "Check the base DNs of the directory"] {
            assert!(html.contains(text), "{text} is missing in {html}");
        }
    }

    #[test]
    fn entries_that_were_not_stored_are_counted() {
        let counts = Omitted { failed: 1, skipped: 0, changed: 2 };
        assert_eq!(omitted(&counts), "3 entries not stored: 1 failed, 2 changed. Failures are stored first.");
        assert_eq!(omitted(&Omitted::default()), "There were more entries than are stored.");
    }
}
