//! Decides about users that a run did not see.

use serde::{Deserialize, Serialize};

use super::plan::SyncMode;
use crate::domain::provider::MissingUsers;

/// With fewer users, a percentage says nothing.
const FEW: u64 = 5;

/// What a run found out about users that it did not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// What the run read.
    pub mode: SyncMode,
    /// Whether every page arrived, with result code 0.
    pub is_complete: bool,
    /// How many entries were seen.
    pub seen: u64,
    /// How many of them had no usable identifier: any user may be among these.
    pub unidentified: u64,
    /// How many users the directory had when the run began.
    pub linked: u64,
    /// How many of those were not seen.
    pub vanished: u64,
    /// How many percent of the users may vanish in one run; 100 for any number.
    pub limit_percent: u8,
    /// Up to how many an administrator has confirmed.
    pub confirmed: Option<u64>,
}

/// The result of the limit on users that may vanish in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safeguard {
    /// Whether it kept users from being deactivated.
    pub triggered: bool,
    /// How many users were not seen.
    pub vanished: u64,
    /// How many users the directory had before.
    pub linked: u64,
    /// How many percent may vanish in one run.
    pub limit_percent: u8,
}

/// Why users that were not seen are left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJudged {
    /// Only changes were read.
    Delta,
    /// The provider's settings leave them.
    Ignored,
    /// Not every page arrived.
    Incomplete,
    /// The directory returned no entry at all.
    NothingSeen,
    /// Entries without an identifier were seen: a user who seems to have vanished may be one of them.
    Unidentified,
}

/// What happens to users that were not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They stay as they are.
    Keep(NotJudged),
    /// Too many at once: they stay as they are, and the log says why.
    Guard(Safeguard),
    /// They are deactivated, or deleted.
    Apply {
        /// The result of the limit.
        safeguard: Safeguard,
        /// Whether they are deleted rather than deactivated.
        delete: bool,
    },
}

/// Decides about users that a run did not see. In doubt they stay.
pub fn judge_vanished(policy: MissingUsers, evidence: Evidence) -> Verdict {
    let Evidence { mode, is_complete, seen, unidentified, linked, vanished, limit_percent, confirmed } = evidence;
    let delete = match policy {
        _ if mode == SyncMode::Delta => return Verdict::Keep(NotJudged::Delta),
        MissingUsers::Ignore => return Verdict::Keep(NotJudged::Ignored),
        MissingUsers::Deactivate => false,
        MissingUsers::Delete => true,
    };
    if !is_complete {
        return Verdict::Keep(NotJudged::Incomplete);
    }
    if seen == 0 {
        return Verdict::Keep(NotJudged::NothingSeen);
    }
    if unidentified > 0 && vanished > 0 {
        return Verdict::Keep(NotJudged::Unidentified);
    }
    let is_within_limit = linked < FEW
        || limit_percent >= 100
        || u128::from(vanished) * 100 <= u128::from(linked) * u128::from(limit_percent);
    let is_confirmed = confirmed.is_some_and(|confirmed| vanished <= confirmed);
    let safeguard = Safeguard { triggered: !is_within_limit && !is_confirmed, vanished, linked, limit_percent };
    if safeguard.triggered { Verdict::Guard(safeguard) } else { Verdict::Apply { safeguard, delete } }
}
