//! The service: reads kept tests, and hands each other call to the operation that it is for.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::{TestRecord, TestReport},
        id::{ProviderId, TenantId},
        ldap::{DirectoryReport, DirectoryUser},
        mapping::UserMapping,
        page::{Page, PageRequest},
        provider::{ConfigInput, LdapInput},
    },
    service::{Connections, Progress, ProviderRef, ServiceResult, TenantRef},
};

use super::{
    ConnectionTests,
    directory::DirectoryPreview,
    keep::TestSave,
    observer::TestObserver,
    purge::TestPurge,
    saved::SavedProviders,
    scheduled::ScheduledTests,
    stored::{RequestedTest, StoredTest},
    unsaved::UnsavedTest,
};
use crate::{
    clock::Clock,
    core::{
        outbound_limit::OutboundLimit,
        providers::{self, ProviderSecrets},
    },
    protocol::http::OutboundClient,
    store::{Store, Work, connection_tests as rows},
};

/// Tests connections and reads directories: each operation is a part of its own, with what it may use.
#[derive(Clone)]
pub(crate) struct ConnectionService {
    store: Store,
    requested: RequestedTest,
    unsaved: UnsavedTest,
    preview: DirectoryPreview,
    pub(crate) schedule: ScheduledTests,
    pub(crate) purge: TestPurge,
}

/// What the operations use together.
pub(in crate::core) struct ConnectionParts {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) outbound: OutboundClient,
    pub(in crate::core) limit: OutboundLimit,
    pub(in crate::core) secrets: ProviderSecrets,
    pub(in crate::core) settings: ConnectionTests,
    pub(in crate::core) observer: TestObserver,
}

impl ConnectionService {
    /// Gives each operation what it may use.
    pub(in crate::core) fn new(parts: ConnectionParts) -> Self {
        let ConnectionParts { store, clock, outbound, limit, secrets, settings, observer } = parts;
        let store = store.for_work(Work::ConnectionTests);
        let saved = SavedProviders { store: store.clone(), secrets: secrets.clone() };
        let stored = StoredTest {
            store: store.clone(),
            clock: clock.clone(),
            outbound: outbound.clone(),
            secrets: secrets.clone(),
            save: TestSave { store: store.clone(), clock: clock.clone(), settings, observer },
        };
        Self {
            requested: RequestedTest { limit: limit.clone(), stored: stored.clone() },
            unsaved: UnsavedTest {
                saved: saved.clone(),
                clock: clock.clone(),
                outbound: outbound.clone(),
                limit: limit.clone(),
            },
            preview: DirectoryPreview { saved, outbound, limit },
            schedule: ScheduledTests { store: store.clone(), clock: clock.clone(), secrets, settings, stored },
            purge: TestPurge { store: store.clone(), clock, settings },
            store,
        }
    }
}

#[async_trait]
impl Connections for ConnectionService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test")]
    async fn test(&self, actor: &Actor, provider: ProviderId, progress: Option<Progress>) -> ServiceResult<TestReport> {
        self.requested.test(actor, provider, progress).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test_for_tenant")]
    async fn test_for_tenant(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<TestReport> {
        self.requested.test_for_tenant(actor, tenant, provider).await
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
        self.unsaved.test(actor, owner, provider, config, mapping, progress).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.inspect")]
    async fn inspect(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
    ) -> ServiceResult<DirectoryReport> {
        self.preview.inspect(actor, owner, provider, input).await
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
        self.preview.sample(actor, owner, provider, input, mapping).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.list_history")]
    async fn list_history(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<TestRecord>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::list(conn, provider, page).await?)
    }
}
