//! The service: what it may touch, and its methods.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        id::{ProviderId, SyncLogId},
        page::{Page, PageRequest},
        sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, SyncOverview},
        user::DirectoryGroup,
    },
    service::{ServiceResult, Syncs},
};

use super::running::Running;
use crate::{
    clock::Clock,
    core::providers::ProviderSecrets,
    protocol::http::OutboundClient,
    store::{Presence, Store},
};

/// The noun of "not found" and "running already".
pub(super) const WHAT: &str = "synchronisation";

/// Synchronises directories. Runs in the background hold a clone, since they outlive the request that started them.
#[derive(Clone)]
pub(crate) struct SyncService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// Opens bind passwords.
    pub(super) secrets: ProviderSecrets,
    /// Its rules and its name lookup hold for LDAP too.
    pub(super) outbound: OutboundClient,
    pub(super) running: Arc<Running>,
    /// Shows other processes that this one lives, for as long as a service or a run does.
    presence: Arc<Mutex<Presence>>,
}

impl SyncService {
    pub(in crate::core) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        secrets: ProviderSecrets,
        outbound: OutboundClient,
        running: Arc<Running>,
    ) -> Self {
        Self { store, clock, secrets, outbound, running, presence: Arc::default() }
    }

    /// Keeps the presence of this process for as long as the service or a run lives.
    pub(crate) fn hold(&self, presence: Presence) {
        *self.presence.lock().unwrap_or_else(PoisonError::into_inner) = presence;
    }

    /// Shows other processes that this one serves no more.
    pub(crate) fn leave(&self) {
        self.hold(Presence::default());
    }
}

#[async_trait]
impl Syncs for SyncService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.start")]
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog> {
        self.start_run(actor, provider, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.cancel")]
    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        self.cancel_run(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.get_overview")]
    async fn overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
        self.get_overview(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_logs")]
    async fn logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>> {
        self.list_logs(actor, provider, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.get_log")]
    async fn log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        self.get_log(actor, provider, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_entries")]
    async fn entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        self.list_entries(actor, provider, id, filter, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_groups")]
    async fn groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        self.list_groups(actor, provider, search, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_last")]
    async fn last_of(&self, actor: &Actor, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        self.list_last(actor, providers).await
    }
}
