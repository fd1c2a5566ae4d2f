//! API tokens, sent in a dialect's `Authorization` header.

use serde::{Deserialize, Serialize};

use super::{actor::Grant, id::TokenId, timestamp::Timestamp};

/// An API token. The token itself is stored as a hash and shown once, when it is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Identifies the entry.
    pub id: TokenId,
    /// Display name.
    pub name: String,
    /// The role of its bearer.
    pub grant: Grant,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires; `None` if it does not.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether the token has expired at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

/// A token to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiToken {
    /// Display name; at most 100 characters.
    pub name: String,
    /// The role of its bearer.
    pub grant: Grant,
    /// How long it is valid, in seconds; it does not expire when absent.
    pub lifetime_seconds: Option<i64>,
}

/// Longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 100;
