//! What the portal shows of one user.

use serde::{Deserialize, Serialize};

use crate::api::display::DisplayRow;

/// One user with links and groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReport {
    /// The display name.
    pub name: String,
    /// Whether the user may sign in: `label` is the status, `texts` the reason, `at` since when.
    pub status: DisplayRow,
    /// Data about the person. A fact with an `id` links to the tenant.
    pub facts: Vec<DisplayRow>,
    /// The linked entries of directories. `texts[0]` is the permanent identifier.
    pub links: Vec<DisplayRow>,
    /// Groups of the tenant, then of directories, with their distinguished names in `note`.
    pub groups: Vec<DisplayRow>,
    /// Whether an administrator blocked the user.
    pub is_blocked: bool,
    /// Whether the user was deactivated but is enabled in a directory, so that reactivating makes sense.
    pub can_reactivate: bool,
    /// Whether the user is in no directory any longer, so that deleting makes sense.
    pub can_delete: bool,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}
