//! The service: reads kept tests, and hands the others to the file of their operation.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::{StepStatus, TestRecord, TestReport},
        id::{ProviderId, TenantId},
        ldap::{DirectoryReport, DirectoryUser},
        mapping::UserMapping,
        page::{Page, PageRequest},
        provider::{ConfigInput, LdapInput},
    },
    service::{Connections, Progress, ProviderRef, ServiceResult, TenantRef},
};

use super::ConnectionTests;
use crate::{
    clock::Clock,
    core::{
        outbound_limit::OutboundLimit,
        providers::{self, ProviderSecrets},
    },
    protocol::http::OutboundClient,
    store::{Store, connection_tests as rows},
};

/// Receives the status of every test that was kept.
pub(crate) type TestObserver = Arc<dyn Fn(StepStatus) + Send + Sync>;

/// Tests connections on request and on schedule. Clones run scheduled tests.
#[derive(Clone)]
pub(crate) struct ConnectionService {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) outbound: OutboundClient,
    pub(in crate::core) limit: OutboundLimit,
    pub(in crate::core) secrets: ProviderSecrets,
    pub(in crate::core) settings: ConnectionTests,
    pub(in crate::core) observer: TestObserver,
}

#[async_trait]
impl Connections for ConnectionService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test")]
    async fn test(&self, actor: &Actor, provider: ProviderId, progress: Option<Progress>) -> ServiceResult<TestReport> {
        self.test_provider(actor, provider, progress).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test_for_tenant")]
    async fn test_for_tenant(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<TestReport> {
        self.test_provider_of_tenant(actor, tenant, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test_unsaved")]
    async fn test_unsaved(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        mapping: Option<UserMapping>,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        self.test_settings(actor, owner, provider, config, mapping, progress).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.inspect")]
    async fn inspect(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
    ) -> ServiceResult<DirectoryReport> {
        self.inspect_directory(actor, owner, provider, input).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.sample")]
    async fn sample(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
        mapping: &UserMapping,
    ) -> ServiceResult<Vec<DirectoryUser>> {
        self.sample_directory(actor, owner, provider, input, mapping).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.list_history")]
    async fn history(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<TestRecord>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::list(conn, provider, page).await?)
    }
}
