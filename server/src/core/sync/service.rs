//! The service: hands each call to the operation that it is for.

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

use super::{
    cancel::RunCancellation, history::SyncHistory, maintenance::LogMaintenance, run::RunResources, running::Running,
    schedule::SyncSchedule, start::RunStarter,
};
use crate::{
    clock::Clock,
    core::providers::ProviderSecrets,
    protocol::http::OutboundClient,
    store::{Presence, Store, Work},
};

/// Synchronises directories: each operation is a part of its own, with what it may use.
#[derive(Clone)]
pub(crate) struct SyncService {
    history: SyncHistory,
    starter: RunStarter,
    cancellation: RunCancellation,
    pub(crate) schedule: SyncSchedule,
    pub(crate) maintenance: LogMaintenance,
    running: Arc<Running>,
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
        let store = store.for_work(Work::Syncs);
        let presence = Arc::default();
        let resources = RunResources { store: store.clone(), clock: clock.clone(), outbound, running: running.clone() };
        let starter = RunStarter { resources, secrets, _presence: Arc::clone(&presence) };
        Self {
            history: SyncHistory { store: store.clone(), clock: clock.clone() },
            cancellation: RunCancellation { store: store.clone(), clock: clock.clone(), running: running.clone() },
            schedule: SyncSchedule {
                store: store.clone(),
                clock: clock.clone(),
                running: running.clone(),
                starter: starter.clone(),
            },
            maintenance: LogMaintenance { store, clock },
            starter,
            running,
            presence,
        }
    }

    /// Keeps the presence of this process for as long as the service or a run lives.
    pub(crate) fn hold(&self, presence: Presence) {
        *self.presence.lock().unwrap_or_else(PoisonError::into_inner) = presence;
    }

    /// Shows other processes that this one serves no more.
    pub(crate) fn leave(&self) {
        self.hold(Presence::default());
    }

    /// Stops the runs of this node and waits until their logs are closed. No run starts afterwards.
    pub(crate) async fn shut_down(&self) {
        self.running.close().await;
    }
}

#[async_trait]
impl Syncs for SyncService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.start")]
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog> {
        self.starter.start(actor, provider, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.cancel")]
    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        self.cancellation.cancel(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.get_overview")]
    async fn get_overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
        self.history.get_overview(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_logs")]
    async fn list_logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>> {
        self.history.list_logs(actor, provider, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.get_log")]
    async fn get_log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        self.history.get_log(actor, provider, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_entries")]
    async fn list_entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        self.history.list_entries(actor, provider, id, filter, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_groups")]
    async fn list_groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        self.history.list_groups(actor, provider, search, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sync.list_last")]
    async fn list_last(&self, actor: &Actor, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        self.history.list_last(actor, providers).await
    }
}
