//! The settings of a directory as entered.

use super::LdapConfig;
use crate::domain::{patch::Patch, secret::Secret};

/// The settings of a directory as entered, as a whole. A secret that is kept is the stored one; a new directory has
/// none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LdapInput {
    /// The settings. Their secrets, and what they record about stored ones, are ignored.
    pub config: LdapConfig,
    /// The password of the bind.
    pub bind_password: Patch<Secret>,
    /// The private key of the client certificate, in PEM.
    pub client_key: Patch<Secret>,
}

/// Absent secrets are kept, empty ones removed.
impl From<LdapConfig> for LdapInput {
    fn from(mut config: LdapConfig) -> Self {
        let patch = |secret: Option<Secret>| secret.map_or(Patch::Keep, Patch::Set).without_empty();
        let (bind_password, client_key) = (patch(config.bind_password.take()), patch(config.client_key.take()));
        Self { config, bind_password, client_key }
    }
}
