//! Administrators: the people who sign in to the portal.

use serde::{Deserialize, Serialize};

use super::{
    actor::Grant,
    direction::changes_direction,
    email_address::is_email_address,
    id::AdministratorId,
    problem::{Problem, ProblemCode},
    secret::Secret,
    timestamp::Timestamp,
};

/// A person who signs in to the portal with email and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Administrator {
    /// Stable identifier.
    pub id: AdministratorId,
    /// The email address they sign in with, in lower case.
    pub email: String,
    /// Their role.
    pub grant: Grant,
    /// When they were added.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}

/// An administrator to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdministrator {
    /// The email address they sign in with.
    pub email: String,
    /// The temporary password.
    pub password: Secret,
    /// Their role.
    pub grant: Grant,
}

/// Shortest password, in characters.
pub const MIN_PASSWORD: usize = 12;
/// Longest password, in characters. The limit keeps hashing cheap enough that it cannot be used to overload the server.
pub const MAX_PASSWORD: usize = 1000;

/// Checks a new password. Only its length counts (NIST SP 800-63B, section 5.1.1.2).
pub fn check_password(password: &str) -> Option<Problem> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        let message = format!("Choose a password of at least {MIN_PASSWORD} characters.");
        Some(Problem::new("password", ProblemCode::TooShort { limit: MIN_PASSWORD }, message))
    } else if length > MAX_PASSWORD {
        let message = format!("Choose a password of at most {MAX_PASSWORD} characters.");
        Some(Problem::new("password", ProblemCode::TooLong { limit: MAX_PASSWORD }, message))
    } else {
        None
    }
}

/// Trims and lower-cases an email address, or returns what is wrong with it.
pub fn normalise_email(email: &str) -> Result<String, Problem> {
    let email = email.trim().to_lowercase();
    let wrong = |message: &str| Err(Problem::new("email", ProblemCode::Malformed, message));
    if email.is_empty() {
        return Err(Problem::new("email", ProblemCode::Required, "Enter an email address."));
    }
    if email.len() > 254 || !is_email_address(&email) || email.contains(changes_direction) {
        return wrong("Enter an email address, such as ada@example.com.");
    }
    Ok(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_password_is_refused_by_its_characters_not_bytes() {
        assert!(check_password("äöüäöüäöüäö").is_some());
        assert!(check_password("äöüäöüäöüäöü").is_none());
    }

    #[test]
    fn an_address_is_trimmed_and_lower_cased() {
        assert_eq!(normalise_email("  Ada@Example.COM "), Ok("ada@example.com".to_owned()));
        for wrong in
            ["", "ada", "@example.com", "ada@", "a da@example.com", "a@b@c", "a@b,c@d", "a\u{202E}da@example.com"]
        {
            assert!(normalise_email(wrong).is_err(), "{wrong} was accepted");
        }
    }
}
