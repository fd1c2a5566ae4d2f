//! API tokens: what a dialect's `Authorization` header carries.

use serde::{Deserialize, Serialize};

use super::{actor::Grant, id::TokenId, timestamp::Timestamp};

/// What is known of an API token. The token itself is stored as a hash and shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Identifies the entry.
    pub id: TokenId,
    /// A name for people.
    pub name: String,
    /// What its bearer may do.
    pub grant: Grant,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused; never when absent.
    pub expires_at: Option<Timestamp>,
    /// When it was last accepted, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether the token has run out at the moment `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiToken {
    /// A name for people, at most 100 characters.
    pub name: String,
    /// What its bearer may do.
    pub grant: Grant,
    /// How long it holds, in seconds; for good when absent.
    pub lifetime_seconds: Option<i64>,
}

/// Longest name of a token, in characters.
pub const MAX_TOKEN_NAME: usize = 100;
