//! Tests settings that are not saved. Nothing is kept.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        connection::TestReport,
        id::{ProviderId, TenantId},
        mapping::{AttributeMapping, UserMapping},
        problem::{Problem, ServiceError},
        provider::{ConfigInput, LdapInput},
    },
    service::{Progress, ServiceResult},
};

use super::{
    ldap::LdapTest,
    oidc::OidcTest,
    run::report_end,
    saml::SamlTest,
    saved::{SavedProvider, SavedProviders, check_settings, with_stored_secrets},
    subject::TestSubject,
};
use crate::{clock::Clock, core::outbound_limit::OutboundLimit, protocol::http::OutboundClient};

/// Tests settings that are not saved. It writes nothing.
#[derive(Clone)]
pub(super) struct UnsavedTest {
    pub(super) saved: SavedProviders,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) outbound: OutboundClient,
    pub(super) limit: OutboundLimit,
}

impl UnsavedTest {
    pub(super) async fn test(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        mapping: Option<UserMapping>,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let stored = self.saved.find(actor, owner, provider).await?;
        let _permit = self.limit.admit()?;
        let subject = match config {
            ConfigInput::Oidc(input) => {
                let oidc = stored.as_ref().and_then(|stored| stored.0.oidc());
                TestSubject::Oidc(OidcTest::entered(input, oidc.is_some_and(|oidc| oidc.has_client_secret)))
            }
            ConfigInput::Saml(input) => TestSubject::Saml(SamlTest::entered(input)),
            ConfigInput::Ldap(input) => TestSubject::Ldap(Box::new(self.directory_entered(*input, mapping, stored)?)),
        };
        let report = subject.test(&self.outbound, self.clock.now(), progress.clone()).await.report;
        report_end(progress.as_ref(), &report);
        Ok(report)
    }

    fn directory_entered(
        &self,
        input: LdapInput,
        mapping: Option<UserMapping>,
        stored: Option<SavedProvider>,
    ) -> ServiceResult<LdapTest> {
        let before = stored.as_ref().and_then(SavedProvider::directory);
        let mut problems = check_settings(self.outbound.policy(), &input, before);
        // The step about TLS reports what the operator forbids.
        problems.retain(|Problem { field, .. }| field != "tls_verify");
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let config = with_stored_secrets(input, before);
        let allowed_domains = stored.as_ref().map(|stored| stored.0.allowed_domains.clone()).unwrap_or_default();
        let usual = || UserMapping { attributes: AttributeMapping::directory_defaults(), ..UserMapping::default() };
        let mapping = mapping.or_else(|| Some(stored?.0.mapping)).unwrap_or_else(usual);
        Ok(LdapTest { config, mapping, allowed_domains })
    }
}
