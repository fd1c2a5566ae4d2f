//! Settings that are tried without being saved, and the saved provider whose secrets they may use.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::{ProviderId, TenantId},
        problem::Problem,
        provider::{IdentityProvider, LdapConfig, LdapInput, ProviderConfig, check_directory},
    },
    service::{ProviderRef, ServiceResult},
};

use crate::{
    core::{
        permission::{RowOwner, require, require_somewhere},
        providers::{self, ProviderSecrets},
    },
    protocol::http::OutboundPolicy,
    store::Store,
};

/// Gets the saved provider whose settings are tried.
#[derive(Clone)]
pub(super) struct SavedProviders {
    pub(super) store: Store,
    pub(super) secrets: ProviderSecrets,
}

/// A stored provider with its secrets, for a caller who may change it.
pub(super) struct SavedProvider(pub(super) IdentityProvider);

impl SavedProviders {
    /// The provider whose settings are tried, if it is stored. The server is about to call out, so the caller must have
    /// the permission to manage providers of that owner, and this provider.
    pub(super) async fn find(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
    ) -> ServiceResult<Option<SavedProvider>> {
        let stored = {
            require_somewhere(actor, Permission::ManageProviders)?;
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let owned = RowOwner::load(conn, owner).await?;
            require(actor, Permission::ManageProviders, owned.owner(), "tenant")?;
            match provider {
                None => return Ok(None),
                // A test reveals whether a secret is stored, so the caller must have the permission on the provider
                // itself.
                Some(id) => {
                    let permission = Permission::ManageProviders;
                    providers::get_for(conn, actor, permission, &ProviderRef::Id(id)).await?
                }
            }
        };
        Ok(Some(SavedProvider(self.secrets.open(stored))))
    }
}

impl SavedProvider {
    /// The settings of a directory with their secrets.
    pub(super) const fn directory(&self) -> Option<&LdapConfig> {
        match &self.0.config {
            ProviderConfig::Ldap(config) => Some(config),
            ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => None,
        }
    }
}

/// The problems of settings that are used without being saved: those that saving them would report.
pub(super) fn check_settings(policy: &OutboundPolicy, input: &LdapInput, stored: Option<&LdapConfig>) -> Vec<Problem> {
    let mut problems = check_directory(input);
    problems.extend(providers::directory_problems(policy, input, stored));
    problems
}

/// Settings to try, with the stored secrets where none are entered. The checks have rejected settings that send the
/// stored password to another server; it is left out here again, since a mistake there would reveal it.
pub(super) fn with_stored_secrets(input: LdapInput, before: Option<&LdapConfig>) -> LdapConfig {
    let (mut config, bind_password, client_key) = input.into_parts();
    let same_servers = before.filter(|before| !providers::leads_elsewhere(before, &config));
    let same_certificate = before.filter(|before| config.client_certificate == before.client_certificate);
    config.bind_password = same_servers.and_then(|before| before.bind_password.clone());
    config.client_key = same_certificate.and_then(|before| before.client_key.clone());
    bind_password.apply(&mut config.bind_password);
    client_key.apply(&mut config.client_key);
    config
}
