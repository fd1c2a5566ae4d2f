//! Limits of size and time.

use serde::{Deserialize, Serialize};

use crate::domain::named::named;

/// Limits of size and time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapLimits {
    /// Entries in a page, 1 to 1000 (Active Directory's limit); 0 requests everything at once (RFC 2696).
    pub page_size: u16,
    /// Seconds to connect to one server, TLS included; 1 to 60.
    pub connect_timeout_seconds: u16,
    /// Seconds for one operation or page; 1 to 300.
    pub operation_timeout_seconds: u16,
    /// Seconds for a whole synchronisation; 30 to 86400.
    pub sync_timeout_seconds: u32,
    /// How many users and groups a run may read, 1 to 10 million. Beyond that the run fails.
    pub max_entries: u32,
    /// Whether to follow referrals to other servers.
    pub referrals: Referrals,
}

impl Default for LdapLimits {
    fn default() -> Self {
        Self {
            page_size: 500,
            connect_timeout_seconds: 5,
            operation_timeout_seconds: 30,
            sync_timeout_seconds: 900,
            max_entries: 200_000,
            referrals: Referrals::Ignore,
        }
    }
}

named! {
    /// Whether to follow referrals to other servers (RFC 4511, section 4.1.10).
    Referrals, UnknownReferrals {
        /// They are ignored.
        Ignore = "ignore" / "Ignore",
        /// The other servers are searched too, with the same credentials and only where outgoing connections may go.
        Follow = "follow" / "Follow",
    }
}
