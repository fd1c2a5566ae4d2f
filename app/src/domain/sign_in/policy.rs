//! A provider's settings about people who sign in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::named::named;

named! {
    /// How an unknown person is linked to a user who exists already and whom the provider did not bring.
    Linking, UnknownLinking {
        /// Not at all.
        Never = "never" / "Never",
        /// By a verified email address of a domain that a platform administrator confirmed.
        VerifiedEmail = "verified_email" / "By verified email address",
        /// After the person signed in with a provider that the user is linked to.
        Ask = "ask" / "After the person proves the account",
    }
}

named! {
    /// When an email address counts as verified.
    EmailTrust, UnknownEmailTrust {
        /// When the provider says so (`email_verified`).
        Claim = "claim" / "When the provider says so",
        /// When its domain is one of the provider's confirmed domains.
        Domains = "domains" / "When its domain is confirmed",
        /// Always.
        Always = "always" / "Always",
    }
}

named! {
    /// Whether a sign-in changes a field of a known user.
    FieldUpdate, UnknownFieldUpdate {
        /// It keeps what is stored.
        Never = "never" / "Never",
        /// It fills the field when nothing is stored.
        WhenEmpty = "when_empty" / "When empty",
        /// It stores what the provider sends. A value that is missing changes nothing.
        Always = "always" / "Always",
        /// It stores what the provider sends, and clears the field when the provider sends nothing.
        Mirror = "mirror" / "Always, and clear when missing",
    }
}

/// Which fields of known users a sign-in changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePolicy {
    /// For fields that have no rule of their own.
    pub default: FieldUpdate,
    /// Rules of single fields, by the field's name.
    pub fields: BTreeMap<String, FieldUpdate>,
}

impl UpdatePolicy {
    /// What holds for a field.
    pub fn of(&self, field: &str) -> FieldUpdate {
        self.fields.get(field).copied().unwrap_or(self.default)
    }
}

/// A provider's settings about people who sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPolicy {
    /// Whether unknown people become users.
    pub creates: bool,
    /// What a sign-in changes.
    pub update: UpdatePolicy,
    /// How unknown people are linked to users who exist already.
    pub linking: Linking,
    /// Whether a user whom this provider did not bring is found by the mapping's user field. An administrator of the
    /// provider can then sign in as any user of the tenant.
    pub match_existing_users: bool,
    /// When an email address counts as verified.
    pub email_trust: EmailTrust,
    /// Email domains that a platform administrator confirmed for this provider. Lower case, punycode.
    pub confirmed_domains: Vec<String>,
    /// Email domains whose people may sign in; no restriction when empty. Lower case, punycode.
    pub allowed_domains: Vec<String>,
}
