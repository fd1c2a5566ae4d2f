//! What the portal shows of one user.

use serde::{Deserialize, Serialize};

use crate::api::display::DisplayRow;

/// One user with links and groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReport {
    /// The name to show.
    pub name: String,
    /// Whether the user may sign in: `label` says how the user stands, `texts` why, `at` since when.
    pub standing: DisplayRow,
    /// What is known of the person. A fact with an `id` leads to the tenant.
    pub facts: Vec<DisplayRow>,
    /// Where directories have the user. `texts[0]` is what identifies the entry.
    pub links: Vec<DisplayRow>,
    /// Groups of the tenant, then of directories, which `note` places.
    pub groups: Vec<DisplayRow>,
    /// Whether an administrator keeps the user out.
    pub is_blocked: bool,
    /// Whether the user was deactivated and a directory has the user switched on, so that reactivating makes sense.
    pub may_return: bool,
    /// Whether no directory has the user any more, so that deleting makes sense.
    pub may_go: bool,
    /// Counts the changes.
    pub version: i64,
}
