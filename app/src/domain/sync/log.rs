//! The log of a run and its entries.

use serde::{Deserialize, Serialize};

use super::{
    counts::{GroupCounts, MembershipCounts, Omitted, UserCounts},
    fault::EntryCode,
    plan::{SyncMode, WantedMode},
    taken::explain_taken_unnamed,
    vanished::Safeguard,
};
use crate::domain::{
    id::{ProviderId, SyncLogId, TenantId},
    named::named,
    provider::LdapVendor,
    timestamp::Timestamp,
};

named! {
    /// How a run ended.
    SyncStatus, UnknownSyncStatus {
        /// It has not ended.
        Running = "running" / "Running",
        /// Everything was done.
        Success = "success" / "Success",
        /// Part of it was done; the log says what was not.
        Partial = "partial" / "Partial",
        /// Nothing was done.
        Failed = "failed" / "Failed",
    }
}

named! {
    /// What started a run.
    SyncTrigger, UnknownSyncTrigger {
        /// A caller.
        Manual = "manual" / "Manual",
        /// The provider's schedule.
        Scheduled = "scheduled" / "Scheduled",
    }
}

named! {
    /// Why a run did not do everything.
    SyncFailureCode, UnknownSyncFailureCode {
        /// No server could be reached.
        ConnectFailed = "connect_failed" / "Connection failed",
        /// TLS failed.
        TlsFailed = "tls_failed" / "TLS failed",
        /// The directory refused the bind.
        BindFailed = "bind_failed" / "Bind refused",
        /// A search base does not exist.
        BaseNotFound = "base_not_found" / "Search base not found",
        /// The directory refused the search.
        SearchFailed = "search_failed" / "Search refused",
        /// The directory's or the run's time limit was exceeded.
        Timeout = "timeout" / "Time limit",
        /// A limit of the directory.
        LimitExceeded = "limit_exceeded" / "Limit of the directory",
        /// The connection ended in the middle.
        ConnectionLost = "connection_lost" / "Connection lost",
        /// More entries than the settings allow.
        TooManyEntries = "too_many_entries" / "Too many entries",
        /// More users vanished than the settings allow.
        Safeguard = "safeguard" / "Too many users vanished",
        /// The server that ran it stopped, or could not write how it ended.
        Interrupted = "interrupted" / "Interrupted",
        /// An administrator ended it, or the provider was disabled or deleted.
        Cancelled = "cancelled" / "Cancelled",
        /// The database failed, and worked again when the run ended.
        Internal = "internal" / "Internal error",
    }
}

/// Why a run did not do everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailure {
    /// For programs.
    pub code: SyncFailureCode,
    /// What happened, in sentences. Never a password.
    pub message: String,
}

/// The server that responded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncServer {
    /// Its address.
    pub url: String,
    /// The product, where it is recognised.
    pub vendor: Option<LdapVendor>,
    /// The product as the server names itself.
    pub product: Option<String>,
    /// Whether results came in pages.
    pub paged: bool,
}

/// From where changes were read, and from where the next run reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCursor {
    /// The position that the run began from.
    pub before: Option<String>,
    /// The position that it left.
    pub after: Option<String>,
}

/// The log of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncLog {
    /// Identifies it.
    pub id: SyncLogId,
    /// The provider that stands for the directory.
    pub provider: ProviderId,
    /// The tenant that the provider belongs to; the platform's own when absent.
    pub tenant: Option<TenantId>,
    /// How it ended.
    pub status: SyncStatus,
    /// What it read.
    pub mode: SyncMode,
    /// What started it.
    pub trigger: SyncTrigger,
    /// Who started it: a caller's name, or `schedule`.
    pub by: String,
    /// Whether nothing was written but this log.
    pub dry_run: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent while it runs.
    pub finished_at: Option<Timestamp>,
    /// What became of users.
    pub users: UserCounts,
    /// What became of groups.
    pub groups: GroupCounts,
    /// What became of memberships in groups of the directory.
    pub memberships: MembershipCounts,
    /// Why it did not do everything.
    pub failure: Option<SyncFailure>,
    /// Warnings in sentences.
    pub warnings: Vec<String>,
    /// The result of the limit on users that may vanish, when it was checked.
    pub safeguard: Option<Safeguard>,
    /// The server that responded.
    pub server: Option<SyncServer>,
    /// From where changes were read.
    pub cursor: SyncCursor,
    /// Whether more entries were to be logged than are kept.
    pub entries_truncated: bool,
    /// How many more.
    pub omitted: Omitted,
}

impl SyncLog {
    /// How long it took, in milliseconds. Returns `None` while it runs.
    pub fn duration_ms(&self) -> Option<u64> {
        let ended = self.finished_at?;
        u64::try_from((ended.0 - self.started_at.0) / 1000).ok()
    }
}

named! {
    /// What an entry of the log is about.
    EntryObject, UnknownEntryObject {
        /// A user.
        User = "user" / "User",
        /// A group.
        Group = "group" / "Group",
    }
}

named! {
    /// What happened to an entry.
    EntryAction, UnknownEntryAction {
        /// It is new.
        Created = "created" / "Created",
        /// It changed.
        Updated = "updated" / "Updated",
        /// It may sign in again.
        Reactivated = "reactivated" / "Reactivated",
        /// It was switched off in the directory.
        Disabled = "disabled" / "Disabled",
        /// It vanished and may no longer sign in.
        Deactivated = "deactivated" / "Deactivated",
        /// It vanished and was removed.
        Deleted = "deleted" / "Deleted",
        /// A setting left it out.
        Skipped = "skipped" / "Skipped",
        /// It could not be used.
        Failed = "failed" / "Failed",
    }
}

/// What happened to an entry of the directory. Unchanged entries are not logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncEntry {
    /// Its identifier in the directory, when that could be read.
    pub external_id: Option<String>,
    /// Its distinguished name (RFC 4514).
    pub dn: String,
    /// The user name, or the group's name.
    pub username: Option<String>,
    /// What it is.
    pub object: EntryObject,
    /// What happened.
    pub action: EntryAction,
    /// Which fields changed.
    pub changed_fields: Vec<String>,
    /// Why it was not used.
    pub code: Option<EntryCode>,
    /// The same in a sentence.
    pub message: Option<String>,
}

impl SyncEntry {
    /// Removes the name of the other user who has the name or the address that the entry wants.
    pub fn hide_other_user(&mut self) {
        if let Some(code @ (EntryCode::UsernameTaken | EntryCode::EmailTaken)) = self.code {
            self.message = Some(explain_taken_unnamed(code).to_owned());
        }
    }
}

/// Narrows the entries of a log. Empty means all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncEntryFilter {
    /// Only those with this action.
    pub action: Option<EntryAction>,
    /// Only those with this code.
    pub code: Option<EntryCode>,
}

/// The options of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncOptions {
    /// What is read.
    pub mode: WantedMode,
    /// Whether nothing is written but the log.
    pub dry_run: bool,
    /// Up to how many users may vanish in this run, whatever the safeguard's limit. An administrator confirms the
    /// number after reading the log of an earlier run.
    pub confirmed_vanished: Option<u64>,
}

/// The state of a provider's synchronisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncOverview {
    /// When this was read.
    pub as_of: Timestamp,
    /// The run that is going on, with what it counted so far.
    pub running: Option<SyncLog>,
    /// The last run that ended.
    pub last: Option<SyncLog>,
    /// When the schedule runs it next; absent when it does not.
    pub next_run: Option<Timestamp>,
    /// How many users the directory has.
    pub users: u64,
    /// How many groups the directory has.
    pub groups: u64,
}
