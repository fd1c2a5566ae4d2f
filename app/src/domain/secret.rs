//! A value that must not be seen: it has no `Serialize`, prints as dots and is wiped from memory when dropped.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A client secret, a bind password, a token.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Whether it is the empty text, which says nothing of what another one is.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Hands the text out; every caller answers for where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(••••)")
    }
}

/// Equality for domain values; not for comparing credentials, since it takes no constant time.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}
