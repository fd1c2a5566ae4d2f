//! Tests a stored provider, on request or on schedule, and keeps the result.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Permission},
        connection::{TestReport, TestTrigger},
        id::ProviderId,
        problem::ServiceError,
        provider::{IdentityProvider, Protocol, ProviderConfig},
    },
    service::{Progress, ProviderRef, ServiceResult, TenantRef},
};

use super::{
    keep::{TestRequest, TestSave},
    ldap::LdapTest,
    oidc::OidcTest,
    run::report_end,
    saml::SamlTest,
    subject::TestSubject,
};
use crate::{
    clock::Clock,
    core::{
        outbound_limit::OutboundLimit,
        permission::RowOwner,
        providers::{self, ProviderSecrets},
        tenants,
    },
    protocol::http::OutboundClient,
    store::{Lock, Store, assignments, providers as provider_rows},
};

/// Tests stored providers when a caller requests it.
#[derive(Clone)]
pub(super) struct RequestedTest {
    pub(super) limit: OutboundLimit,
    pub(super) stored: StoredTest,
}

/// Tests a stored provider and keeps the result.
#[derive(Clone)]
pub(super) struct StoredTest {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) outbound: OutboundClient,
    pub(super) secrets: ProviderSecrets,
    pub(super) save: TestSave,
}

impl RequestedTest {
    pub(super) async fn test(
        &self,
        actor: &Actor,
        provider: ProviderId,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let found = {
            let mut read = self.stored.store.read().await?;
            let conn = &mut read.conn();
            let permission = Permission::ManageProviders;
            self.stored
                .secrets
                .keep_sealed(providers::get_for(conn, actor, permission, &ProviderRef::Id(provider)).await?)
        };
        self.test_on_request(actor, found, progress).await
    }

    pub(super) async fn test_for_tenant(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<TestReport> {
        let (found, is_theirs) = {
            let mut read = self.stored.store.read().await?;
            let conn = &mut read.conn();
            let permission = Permission::ManageAssignments;
            let tenant = tenants::get_for(conn, actor, permission, tenant, Lock::None).await?;
            let missing = || ServiceError::not_found(providers::WHAT);
            if assignments::find(conn, tenant.id, provider, Lock::None).await?.is_none() {
                return Err(missing());
            }
            let found = provider_rows::find(conn, &ProviderRef::Id(provider)).await?.ok_or_else(missing)?;
            let found = self.stored.secrets.keep_sealed(found);
            let owned = RowOwner::load(conn, found.owner).await?;
            let is_theirs = actor.decide(Permission::ManageProviders, owned.owner()) == Decision::Allowed;
            (found, is_theirs)
        };
        let is_directory = found.config.protocol() == Protocol::Ldap;
        let report = self.test_on_request(actor, found, None).await?;
        Ok(if is_directory && !is_theirs { report.without_details() } else { report })
    }

    async fn test_on_request(
        &self,
        actor: &Actor,
        provider: IdentityProvider,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let _permit = self.limit.admit()?;
        let request = TestRequest { at: self.stored.clock.now(), trigger: TestTrigger::Manual, actor: actor.clone() };
        self.stored.test_and_keep(provider, request, progress).await
    }
}

impl StoredTest {
    /// Loads a directory with its secrets, which only a test needs.
    async fn directory_to_test(&self, id: ProviderId) -> ServiceResult<LdapTest> {
        let missing = || ServiceError::not_found(providers::WHAT);
        let found = {
            let mut read = self.store.read().await?;
            provider_rows::find(&mut read.conn(), &ProviderRef::Id(id)).await?
        };
        let opened = self.secrets.open(found.ok_or_else(missing)?);
        match opened.config {
            ProviderConfig::Ldap(config) => {
                Ok(LdapTest { config, mapping: opened.mapping, allowed_domains: opened.allowed_domains })
            }
            ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => Err(missing()),
        }
    }

    /// Tests a provider and keeps the result. The caller has checked the permission.
    pub(super) async fn test_and_keep(
        &self,
        provider: IdentityProvider,
        request: TestRequest,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        let id = provider.id;
        let subject = match provider.config {
            ProviderConfig::Oidc(config) => TestSubject::Oidc(OidcTest::stored(&config)),
            ProviderConfig::Saml(config) => TestSubject::Saml(SamlTest::stored(config)),
            ProviderConfig::Ldap(_) => TestSubject::Ldap(Box::new(self.directory_to_test(id).await?)),
        };
        let outcome = subject.test(&self.outbound, self.clock.now(), progress.clone()).await;
        let report = self.save.keep(id, request, outcome).await?;
        report_end(progress.as_ref(), &report);
        Ok(report)
    }
}
