//! How pages name runs, their results and their entries.

use crate::{
    domain::{
        sync::{
            EntryAction, GroupCounts, MembershipCounts, SyncEntry, SyncLog, SyncServer, SyncStatus, SyncTrigger,
            UserCounts,
        },
        words::counted,
    },
    ui::components::Tone,
};

/// What a run is.
pub(super) const fn run_name(log: &SyncLog) -> &'static str {
    if log.dry_run { "Dry run" } else { "Synchronisation" }
}

/// The tone of a run's status.
pub(super) const fn status_tone(status: SyncStatus) -> Tone {
    match status {
        SyncStatus::Running => Tone::Neutral,
        SyncStatus::Success => Tone::Success,
        SyncStatus::Partial => Tone::Warning,
        SyncStatus::Failed => Tone::Danger,
    }
}

/// Who or what started a run.
pub(super) fn started_by(log: &SyncLog) -> String {
    match log.trigger {
        SyncTrigger::Manual => log.by.clone(),
        SyncTrigger::Scheduled => "The schedule".to_owned(),
    }
}

/// What a run did with users, groups and memberships, and why it did not do everything.
pub(super) fn result(log: &SyncLog) -> String {
    let failure = log.failure.as_ref().map(|failure| failure.code.label().to_owned());
    let memberships = memberships(&log.memberships).map(|text| format!("Memberships: {text}"));
    let parts = [failure, Some(users(&log.users)), groups(&log.groups), memberships];
    parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// How many users were read, and what the run did with them.
pub(super) fn users(counts: &UserCounts) -> String {
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
pub(super) fn groups(counts: &GroupCounts) -> Option<String> {
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
pub(super) fn memberships(counts: &MembershipCounts) -> Option<String> {
    let MembershipCounts { added, removed } = *counts;
    (added + removed > 0).then(|| format!("{added} added, {removed} removed"))
}

fn summary(seen: u64, noun: &str, parts: &[(u64, &str)]) -> String {
    let parts = above_zero(parts);
    let separator = if parts.is_empty() { "" } else { ": " };
    format!("{} read{separator}{parts}", counted(seen, noun))
}

/// The counts above zero: "1 created, 2 unchanged".
pub(super) fn above_zero(parts: &[(u64, &str)]) -> String {
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
    parts.collect::<Vec<_>>().join(", ")
}

/// The server that responded.
pub(super) fn server_name(server: &SyncServer) -> String {
    match &server.product {
        Some(product) => format!("{} ({product})", server.url),
        None => server.url.clone(),
    }
}

/// The tone of what happened to an entry.
pub(super) const fn action_tone(action: EntryAction) -> Tone {
    match action {
        EntryAction::Created | EntryAction::Updated | EntryAction::Reactivated => Tone::Success,
        EntryAction::Disabled | EntryAction::Skipped => Tone::Neutral,
        EntryAction::Deactivated | EntryAction::Deleted => Tone::Warning,
        EntryAction::Failed => Tone::Danger,
    }
}

/// What happened to an entry, or what a synchronisation would do to it.
pub(super) fn action_label(action: EntryAction, is_dry_run: bool) -> String {
    match action {
        EntryAction::Skipped | EntryAction::Failed => action.label().to_owned(),
        action if is_dry_run => format!("Would be {}", action.label().to_ascii_lowercase()),
        action => action.label().to_owned(),
    }
}

/// The name of an entry: the user's or the group's name, else its identifier.
pub(super) fn entry_name(entry: &SyncEntry) -> String {
    let name = entry.username.as_ref().or(entry.external_id.as_ref());
    name.cloned().unwrap_or_else(|| entry.object.label().to_owned())
}

/// Why an entry was not used, or which of its fields changed; `None` when there is nothing to say.
pub(super) fn entry_details(entry: &SyncEntry) -> Option<String> {
    match (entry.code, &entry.message) {
        (Some(code), Some(message)) => Some(format!("{}: {message}", code.label())),
        (Some(code), None) => Some(code.label().to_owned()),
        (None, Some(message)) => Some(message.clone()),
        (None, None) => Some(entry.changed_fields.join(", ")).filter(|fields| !fields.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::sync::{EntryCode, EntryObject, SyncFailure, SyncFailureCode},
        ui::pages::providers::sync::fixtures::log,
    };

    #[test]
    fn only_counts_above_zero_are_listed() {
        let counts = UserCounts { seen: 3, created: 1, unchanged: 2, deactivated: 1, ..UserCounts::default() };
        assert_eq!(users(&counts), "3 users read: 1 created, 2 unchanged, 1 vanished and deactivated");
        assert_eq!(users(&UserCounts::default()), "0 users read");
        assert_eq!(groups(&GroupCounts::default()), None);
        let joined = MembershipCounts { added: 4, removed: 1 };
        assert_eq!(memberships(&joined).as_deref(), Some("4 added, 1 removed"));
    }

    #[test]
    fn the_result_begins_with_why_a_run_is_incomplete() {
        let mut log = log(SyncStatus::Partial);
        log.users = UserCounts { seen: 4, unchanged: 4, ..UserCounts::default() };
        log.groups = GroupCounts { seen: 1, created: 1, ..GroupCounts::default() };
        log.memberships = MembershipCounts { added: 2, removed: 0 };
        let done = "4 users read: 4 unchanged. 1 group read: 1 created. Memberships: 2 added, 0 removed";
        assert_eq!(result(&log), done);
        log.failure = Some(SyncFailure { code: SyncFailureCode::Safeguard, message: "…".to_owned() });
        assert_eq!(result(&log), format!("Too many users vanished. {done}"));
    }

    #[test]
    fn a_run_is_named_with_what_started_it() {
        let mut log = log(SyncStatus::Success);
        assert_eq!((run_name(&log), started_by(&log).as_str()), ("Synchronisation", "ada"));
        (log.dry_run, log.trigger) = (true, SyncTrigger::Scheduled);
        assert_eq!((run_name(&log), started_by(&log).as_str()), ("Dry run", "The schedule"));
    }

    #[test]
    fn a_dry_run_says_what_would_happen() {
        assert_eq!(action_label(EntryAction::Created, true), "Would be created");
        assert_eq!(action_label(EntryAction::Created, false), "Created");
        assert_eq!(action_label(EntryAction::Failed, true), "Failed");
    }

    #[test]
    fn an_entry_is_described_by_its_reason_or_its_changed_fields() {
        let mut entry = SyncEntry {
            external_id: Some("7".to_owned()),
            dn: "uid=ada".to_owned(),
            username: None,
            object: EntryObject::User,
            action: EntryAction::Updated,
            changed_fields: vec!["email".to_owned(), "username".to_owned()],
            code: None,
            message: None,
        };
        assert_eq!((entry_name(&entry).as_str(), entry_details(&entry).as_deref()), ("7", Some("email, username")));
        entry.code = Some(EntryCode::UsernameTaken);
        assert_eq!(entry_details(&entry).as_deref(), Some("User name taken"));
        entry.message = Some("Rename it.".to_owned());
        assert_eq!(entry_details(&entry).as_deref(), Some("User name taken: Rename it."));
        (entry.external_id, entry.code, entry.message) = (None, None, None);
        entry.changed_fields.clear();
        assert_eq!((entry_name(&entry).as_str(), entry_details(&entry)), ("User", None));
    }
}
