//! What the portal shows of a provider's synchronisation and of one run.

use serde::{Deserialize, Serialize};

use crate::api::display::DisplayRow;

/// How the synchronisation of a provider stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncSummary {
    /// The run that is going on: what it is, what it counted so far (`texts[0]`), how long it has taken.
    pub running: Option<DisplayRow>,
    /// How many users that run has read.
    pub seen: u64,
    /// How many users the directory has.
    pub users: u64,
    /// Users and groups that are known, and the last and the next run.
    pub facts: Vec<DisplayRow>,
}

/// What is told of one run, beside its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The run as the history shows it.
    pub run: DisplayRow,
    /// What became of users and groups, when and how it ran.
    pub facts: Vec<DisplayRow>,
    /// Why it did not do everything, and what deserves attention: `name` is the title, `texts` are sentences.
    pub remarks: Vec<DisplayRow>,
    /// How many users the safeguard kept; absent when it kept none.
    pub vanished: Option<u64>,
}
