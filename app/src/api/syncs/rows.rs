//! Runs, their entries and groups as the portal shows them.

use super::report::{SyncReport, SyncSummary};
use crate::{
    api::display::DisplayRow,
    domain::{
        connection::StepStatus,
        sync::{
            EntryAction, GroupCounts, MembershipCounts, Omitted, Safeguard, SyncCursor, SyncEntry, SyncFailureCode,
            SyncLog, SyncOverview, SyncStatus, SyncTrigger, UserCounts,
        },
        user::DirectoryGroup,
        words::{agree, counted},
    },
};

/// The state of a provider's synchronisation.
pub(super) fn sync_summary(overview: SyncOverview) -> SyncSummary {
    let SyncOverview { as_of, running, last, next_run, users, groups } = overview;
    let seen = running.as_ref().map_or(0, |log| log.users.seen);
    let running = running.map(|log| {
        let passed = as_of.0.saturating_sub(log.started_at.0).max(0) / 1000;
        DisplayRow { ms: Some(u32::try_from(passed).unwrap_or(u32::MAX)), ..run(&log) }
    });
    let newest = running.clone().or_else(|| last.map(|log| run(&log)));
    let last = newest.map_or_else(
        || DisplayRow::fact("Last run", "None yet"),
        |row| DisplayRow { name: "Last run".to_owned(), texts: Vec::new(), ..row },
    );
    let next = match next_run {
        Some(at) => DisplayRow::moment("Next run", at),
        None => DisplayRow::fact("Next run", "Not on schedule"),
    };
    let facts = vec![
        DisplayRow::fact("Users", counted(users, "user")),
        DisplayRow::fact("Groups", counted(groups, "group")),
        last,
        next,
    ];
    SyncSummary { running, seen, users, facts }
}

/// A run as a row of the history.
pub(in crate::api) fn run(log: &SyncLog) -> DisplayRow {
    let name = if log.dry_run { "Dry run" } else { "Synchronisation" };
    let state = match log.status {
        SyncStatus::Running => None,
        SyncStatus::Success => Some(StepStatus::Ok),
        SyncStatus::Partial => Some(StepStatus::Warning),
        SyncStatus::Failed => Some(StepStatus::Failed),
    };
    let joined = memberships(&log.memberships).map(|text| format!("Memberships: {text}"));
    let done = [Some(users(&log.users)), groups(&log.groups), joined];
    let mut done = done.into_iter().flatten().collect::<Vec<_>>().join(". ");
    if let Some(failure) = &log.failure {
        done = format!("{}. {done}", failure.code.label());
    }
    let by = match log.trigger {
        SyncTrigger::Manual => log.by.clone(),
        SyncTrigger::Scheduled => "The schedule".to_owned(),
    };
    DisplayRow {
        id: log.id.to_string(),
        name: name.to_owned(),
        note: log.mode.label().to_owned(),
        state,
        label: log.status.label().to_owned(),
        texts: vec![done, by],
        at: Some(log.started_at),
        ms: log.duration_ms().map(|ms| u32::try_from(ms).unwrap_or(u32::MAX)),
    }
}

/// A run's report, without its entries.
pub(super) fn report(log: SyncLog) -> SyncReport {
    let run = run(&log);
    let SyncLog { started_at, users: seen, groups: of_groups, memberships: joined, server, cursor, .. } = &log;
    let mut facts = vec![DisplayRow::fact("Users", users(seen))];
    facts.extend(groups(of_groups).map(|text| DisplayRow::fact("Groups", text)));
    facts.extend(memberships(joined).map(|text| DisplayRow::fact("Memberships", text)));
    facts.push(DisplayRow::moment("Began", *started_at));
    facts.push(DisplayRow::fact("Read", log.mode.label()));
    facts.extend(run.texts.last().map(|by| DisplayRow::fact("Started by", by)));
    facts.extend(server.as_ref().map(|server| match &server.product {
        Some(product) => DisplayRow::fact("Server", format!("{} ({product})", server.url)),
        None => DisplayRow::fact("Server", &server.url),
    }));
    let SyncCursor { before, after } = cursor;
    facts.extend(before.as_ref().map(|at| DisplayRow::fact("Position before", at)));
    facts.extend(after.as_ref().map(|at| DisplayRow::fact("Position after", at)));
    let vanished = log.safeguard.filter(|safeguard| safeguard.triggered);
    SyncReport { run, facts, remarks: remarks(&log), vanished: vanished.map(|safeguard| safeguard.vanished) }
}

fn remarks(log: &SyncLog) -> Vec<DisplayRow> {
    let mut remarks = Vec::new();
    let remark = |state, title: String, texts| DisplayRow { state, name: title, texts, ..DisplayRow::default() };
    if log.dry_run && log.status != SyncStatus::Running {
        let texts = vec!["A synchronisation would make the changes listed here.".to_owned()];
        remarks.push(remark(None, "Nothing was written".to_owned(), texts));
    }
    match (&log.failure, log.safeguard.filter(|safeguard| safeguard.triggered)) {
        (_, Some(safeguard)) => remarks.push(guard(safeguard)),
        (Some(failure), None) => {
            let mut texts = vec![failure.message.clone()];
            texts.extend(advice(failure.code).map(str::to_owned));
            let state = if log.status == SyncStatus::Failed { StepStatus::Failed } else { StepStatus::Warning };
            remarks.push(remark(Some(state), failure.code.label().to_owned(), texts));
        }
        (None, None) => {}
    }
    if !log.warnings.is_empty() {
        let title = "Warnings".to_owned();
        remarks.push(remark(Some(StepStatus::Warning), title, log.warnings.clone()));
    }
    if log.entries_truncated {
        remarks.push(remark(None, omitted(&log.omitted), Vec::new()));
    }
    remarks
}

/// The remark that the log has no room for further entries.
fn omitted(omitted: &Omitted) -> String {
    let Omitted { failed, skipped, changed } = *omitted;
    let parts = [(failed, "failed"), (skipped, "skipped or partly applied"), (changed, "changed")];
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if parts.is_empty() {
        return "There were more entries than are stored.".to_owned();
    }
    format!("{} not stored: {}. Failures are stored first.", counted(omitted.total(), "entry"), parts.join(", "))
}

/// The remark that the safeguard stopped deactivations.
fn guard(safeguard: Safeguard) -> DisplayRow {
    let Safeguard { triggered: _, vanished, linked, limit_percent } = safeguard;
    let text = |text: &str| text.to_owned();
    DisplayRow {
        state: Some(StepStatus::Warning),
        name: format!(
            "{vanished} of {} {} not found, more than {limit_percent}%",
            counted(linked, "user"),
            agree(vanished, "was", "were")
        ),
        texts: vec![
            text("They keep their access: the safeguard stops deactivations when so many users are missing at once."),
            text("The usual cause is a changed search base, filter or permission in the directory. Check these first."),
            text("If these users are really gone, confirm it by hand."),
        ],
        ..DisplayRow::default()
    }
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

pub(in crate::api) fn entry(entry: SyncEntry, is_dry_run: bool) -> DisplayRow {
    let SyncEntry { external_id, dn, username, object, action, changed_fields, code, message } = entry;
    let state = match action {
        EntryAction::Created | EntryAction::Updated | EntryAction::Reactivated => Some(StepStatus::Ok),
        EntryAction::Disabled | EntryAction::Skipped => None,
        EntryAction::Deactivated | EntryAction::Deleted => Some(StepStatus::Warning),
        EntryAction::Failed => Some(StepStatus::Failed),
    };
    let why = match (code, message) {
        (Some(code), Some(message)) => format!("{}: {message}", code.label()),
        (Some(code), None) => code.label().to_owned(),
        (None, Some(message)) => message,
        (None, None) => changed_fields.join(", "),
    };
    DisplayRow {
        name: username.or(external_id).unwrap_or_else(|| object.label().to_owned()),
        note: dn,
        state,
        label: if is_dry_run { in_dry_run(action) } else { action.label().to_owned() },
        texts: vec![why, object.label().to_owned()],
        ..DisplayRow::default()
    }
}

/// What a synchronisation would do to an entry.
fn in_dry_run(action: EntryAction) -> String {
    match action {
        EntryAction::Skipped | EntryAction::Failed => action.label().to_owned(),
        action => format!("Would be {}", action.label().to_lowercase()),
    }
}

pub(in crate::api) fn group(group: DirectoryGroup) -> DisplayRow {
    let DirectoryGroup { id, name, dn, members } = group;
    DisplayRow { id: id.to_string(), name, note: dn, texts: vec![members.to_string()], ..DisplayRow::default() }
}

/// How many users were read, and what the run did with them.
fn users(counts: &UserCounts) -> String {
    let UserCounts { seen, created, updated, unchanged, reactivated, disabled, skipped, failed, deactivated, deleted } =
        *counts;
    summary(
        seen,
        "user",
        &[
            (created, "created"),
            (updated, "updated"),
            (unchanged, "unchanged"),
            (reactivated, "reactivated"),
            (disabled, "disabled in the directory"),
            (skipped, "skipped"),
            (failed, "failed"),
            (deactivated, "vanished and deactivated"),
            (deleted, "vanished and deleted"),
        ],
    )
}

/// What the run did with groups; `None` when it read none.
fn groups(counts: &GroupCounts) -> Option<String> {
    let GroupCounts { seen, created, updated, unchanged, removed, failed } = *counts;
    let parts = [
        (created, "created"),
        (updated, "updated"),
        (unchanged, "unchanged"),
        (removed, "removed"),
        (failed, "failed"),
    ];
    (seen + removed > 0).then(|| summary(seen, "group", &parts))
}

/// What the run did with memberships; `None` when it changed none.
fn memberships(counts: &MembershipCounts) -> Option<String> {
    let MembershipCounts { added, removed } = *counts;
    (added + removed > 0).then(|| format!("{added} added, {removed} removed"))
}

fn summary(seen: u64, noun: &str, parts: &[(u64, &str)]) -> String {
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
    let parts = parts.collect::<Vec<_>>().join(", ");
    let separator = if parts.is_empty() { "" } else { ": " };
    format!("{} read{separator}{parts}", counted(seen, noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counts_above_zero_are_listed() {
        let counts = UserCounts { seen: 3, created: 1, unchanged: 2, deactivated: 1, ..UserCounts::default() };
        assert_eq!(users(&counts), "3 users read: 1 created, 2 unchanged, 1 vanished and deactivated");
        assert_eq!(users(&UserCounts::default()), "0 users read");
        assert_eq!(groups(&GroupCounts::default()), None);
        let joined = MembershipCounts { added: 4, removed: 1 };
        assert_eq!(memberships(&joined).as_deref(), Some("4 added, 1 removed"));
    }
}
