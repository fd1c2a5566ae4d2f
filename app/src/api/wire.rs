//! What several of the portal's forms send: secrets, and new administrators.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{actor::Grant, secret::Secret};

/// A secret on its way from a form to the server. The server never sends one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretInput(pub String);

impl fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretInput(••••)")
    }
}

impl From<SecretInput> for Secret {
    fn from(input: SecretInput) -> Self {
        Self::new(input.0)
    }
}

/// An administrator to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewAdministratorForm {
    /// The email address they sign in with.
    pub email: String,
    /// The temporary password.
    pub password: SecretInput,
    /// Their role.
    pub grant: Grant,
}
