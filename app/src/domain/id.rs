//! Identifiers as types of their own, so that one kind cannot be passed for another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected a UUID")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The prefix that APIs write before the hexadecimal digits.
            pub const PREFIX: &'static str = $prefix;

            /// The prefix followed by 32 hexadecimal digits.
            pub fn prefixed(self) -> String {
                format!("{}{}", Self::PREFIX, self.0.simple())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        /// Parses the hyphenated, the plain hexadecimal and the prefixed form.
        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let digits = text.strip_prefix(Self::PREFIX).unwrap_or(text);
                Uuid::try_parse(digits).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

ids! {
    /// Identifies an identity provider. It survives renaming and is part of the callback URL.
    ProviderId, "idp_";
    /// Identifies a tenant.
    TenantId, "tnt_";
    /// Identifies a person who signs in to the portal.
    AdministratorId, "usr_";
    /// Identifies an API token; it is not the token itself.
    TokenId, "tok_";
    /// Identifies a portal session; it is not the cookie's value.
    SessionId, "ses_";
    /// Identifies an entry of the audit log.
    AuditEventId, "evt_";
    /// Identifies a group of a tenant.
    GroupId, "grp_";
    /// Identifies a group mapping.
    GroupMappingId, "igm_";
    /// Identifies a stored connection test.
    ConnectionTestId, "tst_";
    /// Identifies a user of a tenant.
    UserId, "usr_";
    /// Identifies a link between a user and a person at a provider.
    IdentityLinkId, "lnk_";
    /// Identifies a user's session; it is not the cookie's value.
    UserSessionId, "uss_";
    /// Identifies an attempt to sign in.
    SignInId, "sgn_";
    /// Identifies a synchronisation with a directory.
    SyncLogId, "slg_";
    /// Identifies a group that was read from a directory.
    DirectoryGroupId, "dgr_";
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn reads_every_spelling_of_an_id() {
        let id = ProviderId(Uuid::from_u128(0x0b6c_1f2e_4d5a_4c3b_9a8f_7e6d_5c4b_3a21));
        assert_eq!(id.prefixed(), "idp_0b6c1f2e4d5a4c3b9a8f7e6d5c4b3a21");
        for text in [id.prefixed(), id.to_string(), id.0.simple().to_string()] {
            assert_eq!(text.parse::<ProviderId>().unwrap(), id);
        }
        assert!("tnt_0b6c1f2e4d5a4c3b9a8f7e6d5c4b3a21".parse::<ProviderId>().is_err());
    }
}
