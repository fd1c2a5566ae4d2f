//! Why an entry was not used, or not all of it.

use serde::{Deserialize, Serialize};

use crate::domain::{named::named, words::counted};

named! {
    /// Why an entry was not used.
    EntryCode, UnknownEntryCode {
        /// The attribute that identifies it is missing, has several values, or is too long.
        MissingExternalId = "missing_external_id" / "Identifier missing",
        /// Another entry of the same run has the same identifier.
        DuplicateExternalId = "duplicate_external_id" / "Identifier used twice",
        /// The attribute users sign in with is missing.
        MissingUsername = "missing_username" / "User name missing",
        /// The attribute users sign in with has several values.
        AmbiguousUsername = "ambiguous_username" / "Several user names",
        /// The user name is too long, or holds control characters.
        InvalidUsername = "invalid_username" / "User name not usable",
        /// Another user has the user name.
        UsernameTaken = "username_taken" / "User name taken",
        /// Another user has the email address.
        EmailTaken = "email_taken" / "Email address taken",
        /// The value is not an email address.
        InvalidEmail = "invalid_email" / "Email address not usable",
        /// The email address belongs to a domain that the provider does not allow.
        DomainNotAllowed = "domain_not_allowed" / "Email domain not allowed",
        /// The user is unknown, and the provider creates none.
        CreationOff = "creation_off" / "Creating users is off",
        /// The group has no name.
        MissingName = "missing_name" / "Group name missing",
        /// The database refused the entry.
        NotStored = "not_stored" / "Not stored",
        /// The distinguished name is longer than can be kept.
        DnTooLong = "dn_too_long" / "Distinguished name too long",
        /// The entry was used, and some of its values were not.
        ValuesLeftOut = "values_left_out" / "Values left out",
        /// The group was used, and members that it lists could not be read.
        MembersNotRead = "members_not_read" / "Members not readable",
        /// The entry took over the user of another entry, which was no longer found.
        TakenOver = "taken_over" / "User taken over",
    }
}

impl EntryCode {
    /// Whether a setting leaves the entry out, rather than a fault.
    pub const fn is_policy(self) -> bool {
        matches!(self, Self::DomainNotAllowed | Self::CreationOff)
    }

    /// Whether the entry was used and the code is only a remark.
    pub const fn is_remark(self) -> bool {
        matches!(self, Self::ValuesLeftOut | Self::MembersNotRead | Self::TakenOver)
    }

    /// Whether the reason may be gone in the next run although the entry did not change.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::UsernameTaken | Self::EmailTaken | Self::NotStored)
    }
}

/// Why an entry was not used, in words. It contains no values of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// For programs.
    pub code: EntryCode,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// Creates a fault.
    pub fn new(code: EntryCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Values of one attribute that were not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The attribute.
    pub attribute: String,
    /// The field that the attribute is mapped to.
    pub field: String,
    /// How many values.
    pub count: u64,
    /// What is wrong with the first of them, as a clause that follows its name.
    pub reason: String,
}

impl LeftOut {
    /// Describes it in a sentence, without the values.
    pub fn explain(&self) -> String {
        let Self { attribute, field, count, reason } = self;
        match count {
            1 => format!("1 value of {attribute} was left out of {field}: it {reason}."),
            _ => format!("{} of {attribute} were left out of {field}: the first {reason}.", counted(*count, "value")),
        }
    }
}
