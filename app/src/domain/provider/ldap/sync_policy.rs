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
    /// Hours between full runs; 1 to 8760. The others read what changed.
    pub full_interval_hours: u32,
    /// How changes are found.
    pub delta_strategy: DeltaStrategy,
    /// Seconds by which the clocks of the directory's servers may differ; 0 to 86400.
    pub clock_skew_seconds: u32,
    /// What happens to users that are no longer there. Only a complete full run judges it.
    pub missing_users: MissingUsers,
    /// Who becomes active again on being seen.
    pub reactivate: Reactivate,
    /// How many of a hundred users may vanish in one run, 0 to 100. 100 switches the safeguard off.
    pub max_deactivation_percent: u8,
    /// How users that exist already are found.
    pub link_existing: LinkExisting,
    /// Whether the directory's e-mail addresses count as verified.
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
    /// How a delta run finds what changed.
    DeltaStrategy, UnknownDeltaStrategy {
        /// `uSNChanged` at Active Directory, `modifyTimestamp` elsewhere.
        Auto = "auto" / "Chosen by product",
        /// By the time of the last change.
        ModifyTimestamp = "modify_timestamp" / "modifyTimestamp",
        /// By Active Directory's own count of changes at one server.
        UsnChanged = "usn_changed" / "uSNChanged (Active Directory)",
        /// Not at all: every run is full.
        None = "none" / "Off: every run is a full run",
    }
}

named! {
    /// What happens to users that vanished from the directory.
    MissingUsers, UnknownMissingUsers {
        /// They can no longer sign in, and come back as they were.
        Deactivate = "deactivate" / "Deactivate",
        /// Nothing.
        Ignore = "ignore" / "Leave unchanged",
        /// They are removed.
        Delete = "delete" / "Delete",
    }
}

named! {
    /// Who becomes active again on being seen. What an administrator blocked stays blocked.
    Reactivate, UnknownReactivate {
        /// Those whom a synchronisation deactivated.
        SyncDeactivated = "sync_deactivated" / "Those deactivated by a synchronisation",
        /// Everybody who is inactive.
        Any = "any" / "All who are inactive",
        /// Nobody.
        Never = "never" / "None",
    }
}

named! {
    /// How an entry without a link finds a user that exists already.
    LinkExisting, UnknownLinkExisting {
        /// Not at all: an entry that collides with a user fails.
        None = "none" / "No: the entry fails",
        /// By e-mail address.
        Email = "email" / "Yes, by email address",
        /// By user name.
        Username = "username" / "Yes, by user name",
    }
}
