//! A secret value: it has no `Serialize`, prints as dots and is wiped from memory when dropped.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::patch::Patch;

/// A client secret, a bind password, a token.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// The text. The caller is responsible for where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Patch<Secret> {
    /// Clears instead of setting an empty secret.
    pub fn without_empty(self) -> Self {
        match self {
            Self::Set(secret) if secret.is_empty() => Self::Clear,
            other => other,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(••••)")
    }
}

/// Equality for domain values. It is not constant-time, so it must not compare credentials.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}
