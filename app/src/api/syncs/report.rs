//! What the portal shows of a provider's synchronisation and of one run.

use serde::{Deserialize, Serialize};

use crate::api::display::DisplayRow;

/// The state of a provider's synchronisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncSummary {
    /// The current run: its name, its counts so far (`texts[0]`), and its duration.
    pub running: Option<DisplayRow>,
    /// How many users the current run has read.
    pub seen: u64,
    /// How many users the directory has.
    pub users: u64,
    /// The numbers of users and groups, and the last and the next run.
    pub facts: Vec<DisplayRow>,
}

/// The report of a run, without its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The run as a row of the history.
    pub run: DisplayRow,
    /// What the run did with users and groups, when and how it ran.
    pub facts: Vec<DisplayRow>,
    /// Why it is incomplete, and its warnings: `name` is the title, `texts` are sentences.
    pub remarks: Vec<DisplayRow>,
    /// How many users the safeguard kept; `None` when it kept none.
    pub vanished: Option<u64>,
}
