//! What a synchronisation does and when.

use serde::{Deserialize, Serialize};

use crate::domain::named::named;

/// What a synchronisation does and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncPolicy {
    /// Whether it runs on schedule.
    pub enabled: bool,
    /// Minutes between runs; 5 to 10080.
    pub interval_minutes: u32,
    /// Hours between full runs; 1 to 8760. Other runs read changes only.
    pub full_interval_hours: u32,
    /// How changes are detected.
    pub delta_strategy: DeltaStrategy,
    /// Seconds by which the clocks of the directory's servers may differ; 0 to 86400.
    pub clock_skew_seconds: u32,
    /// What happens to users who are no longer in the directory. Applied only after a complete full run.
    pub missing_users: MissingUsers,
    /// Which inactive users are reactivated when a run finds them.
    pub reactivate: Reactivate,
    /// What percentage of users may vanish in one run, 0 to 100. 100 turns the safeguard off.
    pub max_deactivation_percent: u8,
    /// Whether entries are matched with existing users.
    pub link_existing: LinkExisting,
    /// Whether the directory's email addresses count as verified.
    pub trust_email: bool,
}

impl Default for SyncPolicy {
    fn default() -> Self {
        Self {
            enabled: false,
            interval_minutes: 60,
            full_interval_hours: 24,
            delta_strategy: DeltaStrategy::Auto,
            clock_skew_seconds: 300,
            missing_users: MissingUsers::Deactivate,
            reactivate: Reactivate::SyncDeactivated,
            max_deactivation_percent: 20,
            link_existing: LinkExisting::None,
            trust_email: false,
        }
    }
}

named! {
    /// How a delta run detects changes.
    DeltaStrategy, UnknownDeltaStrategy {
        /// `uSNChanged` at Active Directory, `modifyTimestamp` elsewhere.
        Auto = "auto" / "Chosen by product",
        /// By the time of the last change.
        ModifyTimestamp = "modify_timestamp" / "Time of last change",
        /// By Active Directory's change counter of one server.
        UsnChanged = "usn_changed" / "uSNChanged (Active Directory)",
        /// Every run is a full run.
        None = "none" / "Off: every run is a full run",
    }
}

named! {
    /// What happens to users who are no longer in the directory.
    MissingUsers, UnknownMissingUsers {
        /// They can no longer sign in, and are reactivated when they return.
        Deactivate = "deactivate" / "Deactivate",
        /// Nothing.
        Ignore = "ignore" / "Leave unchanged",
        /// They are deleted.
        Delete = "delete" / "Delete",
    }
}

named! {
    /// Which inactive users are reactivated when a run finds them. Blocked users stay blocked.
    Reactivate, UnknownReactivate {
        /// Those deactivated by a synchronisation.
        SyncDeactivated = "sync_deactivated" / "Those deactivated by a synchronisation",
        /// All inactive users.
        Any = "any" / "All who are inactive",
        /// No user.
        Never = "never" / "None",
    }
}

named! {
    /// How an entry without a link is matched with an existing user.
    LinkExisting, UnknownLinkExisting {
        /// It is not: an entry that collides with a user fails.
        None = "none" / "No: the entry fails",
        /// By email address.
        Email = "email" / "Yes, by email address",
        /// By user name.
        Username = "username" / "Yes, by user name",
    }
}
