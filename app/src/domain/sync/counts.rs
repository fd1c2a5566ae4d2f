//! The counts of a run.

use serde::{Deserialize, Serialize};

/// What happened to the users that a run saw, and to those that it did not see.
///
/// Every entry that is seen is counted once: [`UserCounts::is_consistent`] holds between any two entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserCounts {
    /// Entries that the directory returned.
    pub seen: u64,
    /// Users that are new.
    pub created: u64,
    /// Users whose fields, or whose link, changed.
    pub updated: u64,
    /// Users that did not change.
    pub unchanged: u64,
    /// Users that may sign in again.
    pub reactivated: u64,
    /// Users that are newly switched off in the directory.
    pub disabled: u64,
    /// Entries that a setting leaves out.
    pub skipped: u64,
    /// Entries that could not be used.
    pub failed: u64,
    /// Users that vanished from the directory and were deactivated. They are not among those that were seen.
    pub deactivated: u64,
    /// Users that vanished from the directory and were deleted. They are not among those that were seen.
    pub deleted: u64,
}

impl UserCounts {
    /// Whether every entry that was seen is counted once.
    pub const fn is_consistent(&self) -> bool {
        let Self { seen, created, updated, unchanged, reactivated, disabled, skipped, failed, .. } = *self;
        seen == created + updated + unchanged + reactivated + disabled + skipped + failed
    }

    /// How many entries are stored as the directory has them.
    pub const fn applied(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.reactivated + self.disabled
    }

    /// How many users a run changed.
    pub const fn changes(&self) -> u64 {
        self.created + self.updated + self.reactivated + self.disabled + self.deactivated + self.deleted
    }
}

/// What happened to groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupCounts {
    /// Groups that the directory returned.
    pub seen: u64,
    /// Groups that are new.
    pub created: u64,
    /// Groups whose name or members changed.
    pub updated: u64,
    /// Groups that did not change.
    pub unchanged: u64,
    /// Groups that no longer exist.
    pub removed: u64,
    /// Groups that could not be used.
    pub failed: u64,
}

/// What happened to memberships in groups of the directory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MembershipCounts {
    /// Users who joined a group.
    pub added: u64,
    /// Users who left a group.
    pub removed: u64,
}

/// Entries that the log had no room for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Omitted {
    /// Entries that could not be used.
    pub failed: u64,
    /// Entries that a setting left out, and those that were used in part.
    pub skipped: u64,
    /// Entries that changed.
    pub changed: u64,
}

impl Omitted {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.failed + self.skipped + self.changed
    }
}
