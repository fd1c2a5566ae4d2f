//! Sessions of the portal, and of users who signed in through a provider. They are stored on the server; the browser holds
//! a random value that refers to one.

use serde::{Deserialize, Serialize};

use super::{
    actor::Grant,
    id::{ProviderId, SessionId, UserSessionId},
    timestamp::Timestamp,
};

/// Seconds of inactivity after which a session expires.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// Seconds after which a session expires in any case.
pub const ABSOLUTE_SECONDS: i64 = 12 * 60 * 60;

/// One of the caller's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Identifies the session; it is not the cookie's value.
    pub id: SessionId,
    /// Whether it is the session of this request.
    pub is_current: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// The client's address when it was created.
    pub address: Option<String>,
    /// The browser's user agent.
    pub user_agent: String,
}

/// What the portal needs to know about the signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentUser {
    /// Display name.
    pub name: String,
    /// Their role.
    pub grant: Grant,
    /// Whether they signed in to Vestibule (and so have a password and sessions) or through the host application.
    pub has_password: bool,
}

/// A session of a user who signed in through a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSession {
    /// Identifies the session; it is not the cookie's value.
    pub id: UserSessionId,
    /// The provider that the user signed in with.
    pub provider: ProviderId,
    /// The provider's display name.
    pub provider_name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The client's address when it was created.
    pub address: Option<String>,
    /// The browser's user agent.
    pub user_agent: String,
}
