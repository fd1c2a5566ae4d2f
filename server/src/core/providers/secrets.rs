//! The secrets of a provider: one sealed JSON object, opened only for callers who may see it.
//!
//! A secret that does not open on this node was sealed with a key that the node does not have, or was altered. It
//! counts as absent wherever it is shown or needed, and stays stored until another one is entered: a node that lags
//! behind a rotation must not destroy what the others can read.

use std::{collections::BTreeMap, sync::Arc};

use vestibule_app::domain::{
    id::ProviderId,
    provider::{IdentityProvider, ProviderConfig},
    secret::Secret,
    timestamp::Timestamp,
};

use crate::{
    core::{
        error_chain,
        keys::Keys,
        vault::{SecretLocation, Vault, VaultError},
    },
    store::providers::StoredProvider,
};

/// Seals and opens the secrets of providers with the keys of this node.
#[derive(Clone)]
pub(in crate::core) struct ProviderSecrets {
    keys: Arc<Keys>,
}

impl ProviderSecrets {
    pub(in crate::core) const fn new(keys: Arc<Keys>) -> Self {
        Self { keys }
    }

    /// The provider with its secrets still sealed; one that this node cannot open counts as absent.
    pub(in crate::core) fn keep_sealed(&self, stored: StoredProvider) -> IdentityProvider {
        let is_lost = stored.sealed_secrets.as_deref().is_some_and(|sealed| !self.keys.can_open(sealed));
        let mut provider = stored.provider;
        if is_lost {
            count_as_absent(&mut provider);
        }
        provider
    }

    /// The provider with its secrets, as far as they open.
    pub(in crate::core) fn open(&self, mut stored: StoredProvider) -> IdentityProvider {
        if !self.try_open(&mut stored) {
            count_as_absent(&mut stored.provider);
        }
        stored.provider
    }

    /// Opens the secrets, and returns whether they opened. Where they did not, what the row says of them stays.
    pub(in crate::core) fn try_open(&self, stored: &mut StoredProvider) -> bool {
        let id = stored.provider.id;
        let opened = self.keys.open(|vault| open(vault, stored));
        opened
            .inspect_err(|error: &VaultError| {
                tracing::error!(provider = %id, error = %error_chain(error), "the secrets of this provider do not open");
            })
            .is_ok()
    }

    /// Seals the secrets that the provider carries; `None` when it carries none.
    pub(super) fn seal(&self, provider: &IdentityProvider) -> Result<Option<String>, VaultError> {
        let carried = carried(provider);
        if carried.is_empty() {
            return Ok(None);
        }
        let object = serde_json::json!(carried).to_string();
        with_location(provider.id, |location| self.keys.vault().seal(location, &object)).map(Some)
    }
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

const CLIENT_SECRET: &str = "client_secret";
const BIND_PASSWORD: &str = "bind_password";
const CLIENT_KEY: &str = "client_key";

fn with_location<T>(id: ProviderId, work: impl FnOnce(SecretLocation<'_>) -> T) -> T {
    work(SecretLocation { table: "vestibule_identity_providers", row: &id.to_string(), column: "secrets" })
}

/// The secret whose date is kept, if the provider carries one.
pub(super) fn of(provider: &IdentityProvider) -> Option<&str> {
    match &provider.config {
        ProviderConfig::Oidc(oidc) => oidc.client_secret.as_ref(),
        ProviderConfig::Ldap(ldap) => ldap.bind_password.as_ref(),
        ProviderConfig::Saml(_) => None,
    }
    .map(Secret::expose)
}

/// Whether the secret whose date is kept is stored, even one that does not open.
fn is_dated(provider: &IdentityProvider) -> bool {
    match &provider.config {
        ProviderConfig::Oidc(oidc) => oidc.has_client_secret,
        ProviderConfig::Ldap(ldap) => ldap.has_bind_password,
        ProviderConfig::Saml(_) => false,
    }
}

/// Dates the secret that the provider carries. An unchanged secret keeps its date.
pub(super) fn date(before: Option<&IdentityProvider>, after: &mut IdentityProvider, now: Timestamp) {
    // A secret that does not open is absent from both states, whether it was removed or not.
    if is_dated(after) && before.is_some_and(|before| of(before) == of(after)) {
        return;
    }
    let changed_at = of(after).map(|_| now);
    match &mut after.config {
        ProviderConfig::Oidc(oidc) => oidc.client_secret_changed_at = changed_at,
        ProviderConfig::Ldap(ldap) => ldap.bind_password_changed_at = changed_at,
        ProviderConfig::Saml(_) => {}
    }
}

/// Whether the provider carries a secret that is open.
pub(super) fn is_carried(provider: &IdentityProvider) -> bool {
    !carried(provider).is_empty()
}

/// Whether a secret is stored, even one that does not open.
pub(super) fn is_stored(provider: &IdentityProvider) -> bool {
    match &provider.config {
        ProviderConfig::Oidc(oidc) => oidc.has_client_secret,
        ProviderConfig::Ldap(ldap) => ldap.has_bind_password || ldap.has_client_key,
        ProviderConfig::Saml(_) => false,
    }
}

fn carried(provider: &IdentityProvider) -> BTreeMap<&'static str, &str> {
    let secrets = match &provider.config {
        ProviderConfig::Oidc(oidc) => vec![(CLIENT_SECRET, &oidc.client_secret)],
        ProviderConfig::Ldap(ldap) => vec![(BIND_PASSWORD, &ldap.bind_password), (CLIENT_KEY, &ldap.client_key)],
        ProviderConfig::Saml(_) => Vec::new(),
    };
    secrets.into_iter().filter_map(|(name, secret)| Some((name, secret.as_ref()?.expose()))).collect()
}

/// Opens the sealed secrets into the provider.
fn open(vault: &Vault, stored: &mut StoredProvider) -> Result<(), VaultError> {
    let Some(sealed) = &stored.sealed_secrets else { return Ok(()) };
    let opened = with_location(stored.provider.id, |location| vault.open(location, sealed))?;
    let mut object: BTreeMap<String, String> =
        serde_json::from_str(opened.expose()).map_err(|_| VaultError::Tampered)?;
    match &mut stored.provider.config {
        ProviderConfig::Oidc(oidc) => oidc.client_secret = object.remove(CLIENT_SECRET).map(Secret::new),
        ProviderConfig::Ldap(ldap) => {
            ldap.bind_password = object.remove(BIND_PASSWORD).map(Secret::new);
            ldap.client_key = object.remove(CLIENT_KEY).map(Secret::new);
        }
        ProviderConfig::Saml(_) => {}
    }
    Ok(())
}

/// Seals a sealed text again under the active key.
#[cfg(feature = "cli")]
pub(in crate::core) fn reseal(vault: &Vault, id: ProviderId, sealed: &str) -> Result<String, VaultError> {
    with_location(id, |location| vault.seal(location, vault.open(location, sealed)?.expose()))
}
