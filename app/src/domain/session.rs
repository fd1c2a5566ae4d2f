//! Sessions of the portal. They live on the server; the browser holds a random value that names one.

use serde::{Deserialize, Serialize};

use super::{actor::Grant, id::SessionId, timestamp::Timestamp};

/// Seconds without a request after which a session ends.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// Seconds after which a session ends in any case.
pub const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;

/// One of the caller's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Identifies the session; not what the cookie holds.
    pub id: SessionId,
    /// Whether this very request came with it.
    pub is_current: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// Where it began from.
    pub address: Option<String>,
    /// The browser, as it named itself.
    pub user_agent: String,
}

/// What the portal needs to know of the signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    /// Name to show.
    pub name: String,
    /// What they may do.
    pub grant: Grant,
    /// Whether they signed in here (and so have a password and sessions) or through the host application.
    pub has_password: bool,
}
