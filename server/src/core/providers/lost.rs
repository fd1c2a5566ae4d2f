//! Secrets that do not open on this node: they were sealed with a key that it does not have, or were altered.
//!
//! Nothing can be done with such a secret, so that it counts as absent wherever it is shown or needed. It stays stored as
//! it is until somebody enters another one: a node that lags behind a rotation must not destroy what the others can read.

use vestibule_app::domain::provider::{IdentityProvider, ProviderConfig};

use super::secrets;
use crate::{
    core::{Core, error_chain, keys::Keys, vault::VaultError},
    store::providers::StoredProvider,
};

impl Core {
    /// The provider as it is shown, with its secrets still sealed.
    pub(in crate::core) fn shown(&self, stored: StoredProvider) -> IdentityProvider {
        let is_lost = stored.sealed_secrets.as_deref().is_some_and(|sealed| !self.keys.can_open(sealed));
        let mut provider = stored.provider;
        if is_lost {
            count_as_absent(&mut provider);
        }
        provider
    }

    /// The provider with its secrets, as far as they open.
    pub(in crate::core) fn open_secrets(&self, stored: StoredProvider) -> IdentityProvider {
        open_secrets(&self.keys, stored)
    }

    /// Opens the secrets, and returns whether they opened. Where they did not, what the row says of them stays.
    pub(in crate::core) fn opens(&self, stored: &mut StoredProvider) -> bool {
        opens(&self.keys, stored)
    }
}

/// The provider with its secrets, as far as they open.
pub(in crate::core) fn open_secrets(keys: &Keys, mut stored: StoredProvider) -> IdentityProvider {
    if !opens(keys, &mut stored) {
        count_as_absent(&mut stored.provider);
    }
    stored.provider
}

fn opens(keys: &Keys, stored: &mut StoredProvider) -> bool {
    let id = stored.provider.id;
    let opened = keys.open(|vault| secrets::open(vault, stored));
    opened
        .inspect_err(|error: &VaultError| {
            tracing::error!(provider = %id, error = %error_chain(error), "the secrets of this provider do not open");
        })
        .is_ok()
}

fn count_as_absent(provider: &mut IdentityProvider) {
    match &mut provider.config {
        ProviderConfig::Oidc(oidc) => {
            oidc.has_client_secret = false;
            oidc.client_secret_changed_at = None;
        }
        ProviderConfig::Ldap(ldap) => {
            ldap.has_bind_password = false;
            ldap.bind_password_changed_at = None;
            ldap.has_client_key = false;
        }
        ProviderConfig::Saml(_) => {}
    }
}
