//! Testing settings that nobody has saved.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::TestReport,
        id::{ProviderId, TenantId},
        provider::ConfigInput,
    },
    service::{Progress, ProviderRef, ServiceResult},
};

use super::{OidcTest, SamlTest, Subject, shared, tell_end};
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
        let has_secret = {
            require_somewhere(actor, Permission::ManageProviders)?;
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let owned = OwnedBy::load(conn, owner).await?;
            require(actor, Permission::ManageProviders, owned.owner(), "tenant")?;
            match provider {
                None => false,
                // Whether a secret is stored is for those who may change the provider it is stored for.
                Some(id) => {
                    let permission = Permission::ManageProviders;
                    let stored = providers::find_for(conn, actor, permission, &ProviderRef::Id(id)).await?;
                    stored.provider.oidc().is_some_and(|oidc| oidc.has_client_secret)
                }
            }
        };
        let _leave = self.tests.admit()?;
        let subject = match config {
            ConfigInput::Oidc(input) => Subject::Oidc(OidcTest::entered(input, has_secret)),
            ConfigInput::Saml(input) => Subject::Saml(SamlTest::entered(input)),
            ConfigInput::Ldap(_) => Subject::Ldap,
        };
        let report = self.run_test(subject, shared(progress.as_ref())).await.report;
        tell_end(progress.as_ref(), &report);
        Ok(report)
    }
}
