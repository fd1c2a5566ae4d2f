//! The secrets of a provider: one sealed JSON object, opened only for callers who may see it.

use std::collections::BTreeMap;

use vestibule_app::domain::{
    id::ProviderId,
    provider::{IdentityProvider, ProviderConfig},
    secret::Secret,
};

use crate::{
    core::vault::{Place, Vault, VaultError},
    store::providers::StoredProvider,
};

const CLIENT_SECRET: &str = "client_secret";
const BIND_PASSWORD: &str = "bind_password";

fn with_place<T>(id: ProviderId, work: impl FnOnce(Place<'_>) -> T) -> T {
    work(Place { table: "vestibule_identity_providers", row: &id.to_string(), column: "secrets" })
}

/// Seals the secrets that the provider carries; nothing when it carries none.
pub(super) fn seal(vault: &Vault, provider: &IdentityProvider) -> Result<Option<String>, VaultError> {
    let (name, secret) = match &provider.config {
        ProviderConfig::Oidc(oidc) => (CLIENT_SECRET, &oidc.client_secret),
        ProviderConfig::Ldap(ldap) => (BIND_PASSWORD, &ldap.bind_password),
        ProviderConfig::Saml(_) => return Ok(None),
    };
    let Some(secret) = secret else { return Ok(None) };
    let object = serde_json::json!({ name: secret.expose() }).to_string();
    with_place(provider.id, |place| vault.seal(place, &object)).map(Some)
}

/// Opens the sealed secrets into the provider.
pub(super) fn open(vault: &Vault, stored: &mut StoredProvider) -> Result<(), VaultError> {
    let Some(sealed) = &stored.sealed_secrets else { return Ok(()) };
    let opened = with_place(stored.provider.id, |place| vault.open(place, sealed))?;
    let mut object: BTreeMap<String, String> =
        serde_json::from_str(opened.expose()).map_err(|_| VaultError::Tampered)?;
    match &mut stored.provider.config {
        ProviderConfig::Oidc(oidc) => oidc.client_secret = object.remove(CLIENT_SECRET).map(Secret::new),
        ProviderConfig::Ldap(ldap) => ldap.bind_password = object.remove(BIND_PASSWORD).map(Secret::new),
        ProviderConfig::Saml(_) => {}
    }
    Ok(())
}

/// Seals a sealed text anew under the key that seals now.
pub(in crate::core) fn reseal(vault: &Vault, id: ProviderId, sealed: &str) -> Result<String, VaultError> {
    with_place(id, |place| vault.seal(place, vault.open(place, sealed)?.expose()))
}
