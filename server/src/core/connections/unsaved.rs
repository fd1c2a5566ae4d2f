//! Testing settings that nobody has saved.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::TestReport,
        id::{ProviderId, TenantId},
        mapping::AttributeMapping,
        provider::{ConfigInput, IdentityProvider, LdapConfig, ProviderConfig},
    },
    service::{Progress, ProviderRef, ServiceResult},
};

use super::{LdapTest, OidcTest, SamlTest, Subject, shared, tell_end};
use crate::core::{Core, OwnedBy, providers, require, require_somewhere};

impl Core {
    pub(super) async fn test_settings(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let stored = {
            require_somewhere(actor, Permission::ManageProviders)?;
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let owned = OwnedBy::load(conn, owner).await?;
            require(actor, Permission::ManageProviders, owned.owner(), "tenant")?;
            match provider {
                None => None,
                // Whether a secret is stored is for those who may change the provider it is stored for.
                Some(id) => {
                    let permission = Permission::ManageProviders;
                    Some(providers::find_for(conn, actor, permission, &ProviderRef::Id(id)).await?)
                }
            }
        };
        let _leave = self.tests.admit()?;
        let subject = match config {
            ConfigInput::Oidc(input) => {
                let oidc = stored.as_ref().and_then(|stored| stored.provider.oidc());
                Subject::Oidc(OidcTest::entered(input, oidc.is_some_and(|oidc| oidc.has_client_secret)))
            }
            ConfigInput::Saml(input) => Subject::Saml(SamlTest::entered(input)),
            ConfigInput::Ldap(input) => {
                let stored = stored.map(|stored| self.open_secrets(stored)).transpose()?;
                Subject::Ldap(Box::new(entered(*input, stored)))
            }
        };
        let report = self.run_test(subject, shared(progress.as_ref())).await.report;
        tell_end(progress.as_ref(), &report);
        Ok(report)
    }
}

/// Settings to test, with the stored secrets where none are entered. They are sent to the stored servers alone: who may
/// change a provider may not read its password, and a server of theirs would.
fn entered(mut config: LdapConfig, stored: Option<IdentityProvider>) -> LdapTest {
    let mapping = match stored {
        Some(IdentityProvider { config: ProviderConfig::Ldap(before), mapping, .. }) => {
            let is_known = |url: &String| before.urls.contains(url);
            if config.urls.iter().all(is_known) && config.bind_dn == before.bind_dn {
                config.bind_password = config.bind_password.or(before.bind_password);
            }
            if config.client_certificate == before.client_certificate {
                config.client_key = config.client_key.or(before.client_key);
            }
            mapping.attributes
        }
        _ => AttributeMapping::usual_of_directories(),
    };
    LdapTest { config, mapping }
}
