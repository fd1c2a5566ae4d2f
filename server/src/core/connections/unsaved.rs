//! Testing settings that nobody has saved.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::TestReport,
        id::{ProviderId, TenantId},
        mapping::{AttributeMapping, UserMapping},
        problem::{Problem, ServiceError},
        provider::{ConfigInput, IdentityProvider, LdapConfig, ProviderConfig},
    },
    service::{Progress, ProviderRef, ServiceResult},
};

use super::{LdapTest, OidcTest, SamlTest, Subject, shared, tell_end};
use crate::core::{Core, OwnedBy, providers, require, require_somewhere};

/// A stored provider with its secrets, for somebody who may change it.
pub(super) struct Stored(IdentityProvider);

impl Stored {
    /// The settings of a directory with their secrets.
    pub(super) const fn directory(&self) -> Option<&LdapConfig> {
        match &self.0.config {
            ProviderConfig::Ldap(config) => Some(config),
            ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => None,
        }
    }
}

impl Core {
    /// The provider whose settings are tried, if it is stored. The server is about to call out, so it takes somebody who
    /// may manage providers of that owner, and this very one.
    pub(super) async fn stored_for(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
    ) -> ServiceResult<Option<Stored>> {
        let stored = {
            require_somewhere(actor, Permission::ManageProviders)?;
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let owned = OwnedBy::load(conn, owner).await?;
            require(actor, Permission::ManageProviders, owned.owner(), "tenant")?;
            match provider {
                None => return Ok(None),
                // Whether a secret is stored is for those who may change the provider it is stored for.
                Some(id) => {
                    let permission = Permission::ManageProviders;
                    providers::find_for(conn, actor, permission, &ProviderRef::Id(id)).await?
                }
            }
        };
        Ok(Some(Stored(self.open_secrets(stored))))
    }

    pub(super) async fn test_settings(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        mapping: Option<UserMapping>,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let stored = self.stored_for(actor, owner, provider).await?;
        let _leave = self.tests.admit()?;
        let subject = match config {
            ConfigInput::Oidc(input) => {
                let oidc = stored.as_ref().and_then(|stored| stored.0.oidc());
                Subject::Oidc(OidcTest::entered(input, oidc.is_some_and(|oidc| oidc.has_client_secret)))
            }
            ConfigInput::Saml(input) => Subject::Saml(SamlTest::entered(input)),
            ConfigInput::Ldap(input) => Subject::Ldap(Box::new(self.directory_entered(*input, mapping, stored)?)),
        };
        let report = self.run_test(subject, shared(progress.as_ref())).await.report;
        tell_end(progress.as_ref(), &report);
        Ok(report)
    }

    fn directory_entered(
        &self,
        config: LdapConfig,
        mapping: Option<UserMapping>,
        stored: Option<Stored>,
    ) -> ServiceResult<LdapTest> {
        let before = stored.as_ref().and_then(Stored::directory);
        let mut problems = self.check_settings(&config, before);
        // What the operator forbids of TLS is what its step of the test tells.
        problems.retain(|Problem { field, .. }| field != "tls_verify");
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let config = entered(config, before);
        let allowed_domains = stored.as_ref().map(|stored| stored.0.allowed_domains.clone()).unwrap_or_default();
        let usual = || UserMapping { attributes: AttributeMapping::directory_defaults(), ..UserMapping::default() };
        let mapping = mapping.or_else(|| Some(stored?.0.mapping)).unwrap_or_else(usual);
        Ok(LdapTest { config, mapping, allowed_domains })
    }
}

/// Settings to try, with the stored secrets where none are entered. Whether the password may go where the settings say
/// has been judged with all other problems; it is left out here too where it may not, since a mistake would give it away.
pub(super) fn entered(mut config: LdapConfig, before: Option<&LdapConfig>) -> LdapConfig {
    let Some(before) = before else { return config };
    if !providers::leads_elsewhere(before, &config) {
        config.bind_password = config.bind_password.or_else(|| before.bind_password.clone());
    }
    if config.client_certificate == before.client_certificate {
        config.client_key = config.client_key.or_else(|| before.client_key.clone());
    }
    config
}
