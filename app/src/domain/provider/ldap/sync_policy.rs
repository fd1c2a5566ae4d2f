//! What a synchronisation does and when.

use serde::{Deserialize, Serialize};

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

/// How a delta run finds what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeltaStrategy {
    /// `uSNChanged` at Active Directory, `modifyTimestamp` elsewhere.
    Auto,
    /// By the time of the last change.
    ModifyTimestamp,
    /// By Active Directory's own count of changes at one server.
    UsnChanged,
    /// Not at all: every run is full.
    None,
}

/// What happens to users that vanished from the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingUsers {
    /// They can no longer sign in, and come back as they were.
    Deactivate,
    /// Nothing.
    Ignore,
    /// They are removed.
    Delete,
}

/// Who becomes active again on being seen. What an administrator blocked stays blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reactivate {
    /// Those whom a synchronisation deactivated.
    SyncDeactivated,
    /// Everybody who is inactive.
    Any,
    /// Nobody.
    Never,
}

/// How an entry without a link finds a user that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkExisting {
    /// Not at all: an entry that collides with a user fails.
    None,
    /// By e-mail address.
    Email,
    /// By user name.
    Username,
}
