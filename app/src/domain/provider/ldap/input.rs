//! The settings of a directory as entered.

use super::LdapConfig;
use crate::domain::{patch::Patch, secret::Secret};

/// The settings of a directory as entered, as a whole. A secret that is kept is the stored one; a new directory has
/// none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LdapInput {
    /// Without secrets: they are in the patches alone.
    config: LdapConfig,
    bind_password: Patch<Secret>,
    client_key: Patch<Secret>,
}

impl LdapInput {
    /// The settings with what happens to their secrets. A patch that keeps its secret yields to a secret in the
    /// settings, so none is lost. Empty secrets are removed. What the settings record about stored secrets is ignored.
    pub fn new(mut config: LdapConfig, bind_password: Patch<Secret>, client_key: Patch<Secret>) -> Self {
        let bind_password = or_from(bind_password, config.bind_password.take());
        let client_key = or_from(client_key, config.client_key.take());
        Self { config, bind_password, client_key }
    }

    /// The settings, without secrets.
    pub const fn config(&self) -> &LdapConfig {
        &self.config
    }

    /// The password of the bind.
    pub const fn bind_password(&self) -> &Patch<Secret> {
        &self.bind_password
    }

    /// The private key of the client certificate, in PEM.
    pub const fn client_key(&self) -> &Patch<Secret> {
        &self.client_key
    }

    /// The settings, the password of the bind and the private key.
    pub fn into_parts(self) -> (LdapConfig, Patch<Secret>, Patch<Secret>) {
        let Self { config, bind_password, client_key } = self;
        (config, bind_password, client_key)
    }
}

/// Absent secrets are kept, empty ones removed.
impl From<LdapConfig> for LdapInput {
    fn from(config: LdapConfig) -> Self {
        Self::new(config, Patch::Keep, Patch::Keep)
    }
}

fn or_from(patch: Patch<Secret>, secret: Option<Secret>) -> Patch<Secret> {
    let patch = if patch.is_keep() { secret.map_or(Patch::Keep, Patch::Set) } else { patch };
    patch.without_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> LdapConfig {
        LdapConfig {
            bind_password: Some(Secret::new("password")),
            client_key: Some(Secret::new("key")),
            ..LdapConfig::default()
        }
    }

    #[test]
    fn secrets_in_the_settings_are_set_unless_the_patches_say_otherwise() {
        let input = LdapInput::from(config());
        assert_eq!(input.bind_password(), &Patch::Set(Secret::new("password")));
        assert_eq!(input.client_key(), &Patch::Set(Secret::new("key")));
        assert_eq!(input.config(), &LdapConfig::default());
        let input = LdapInput::new(config(), Patch::Clear, Patch::Set(Secret::new("new key")));
        assert_eq!((input.bind_password(), input.client_key()), (&Patch::Clear, &Patch::Set(Secret::new("new key"))));
    }

    #[test]
    fn absent_secrets_are_kept_and_empty_ones_removed() {
        let (_, bind_password, client_key) = LdapInput::new(
            LdapConfig { client_key: Some(Secret::new("")), ..LdapConfig::default() },
            Patch::Keep,
            Patch::Keep,
        )
        .into_parts();
        assert_eq!((bind_password, client_key), (Patch::Keep, Patch::Clear));
    }
}
