//! Synchronisation with directories.
//!
//! One run holds a provider at a time: it has a lease in the database, asks for more time while it works, and writes
//! nothing once the lease is gone. No transaction waits for the network. What happens
//! to an entry is decided by [`vestibule_app::domain::sync`]; what is written of it is decided here, by the same lines
//! for a dry run, which leave out the writes alone.
//!
//! - `start`: who may ask for a run, and waiting for its end.
//! - `run`: the run from connecting to the log's last line.
//! - `intake`: reading users while the database works on those read before.
//! - `patience`: how long a run goes on, and how much it reads.
//! - `read`: what is searched for, and what an entry says.
//! - `batch`: up to 500 entries in one transaction.
//! - `groups`, `vanished`: what follows on the users.
//! - `left_out`: values that no field can hold.
//! - `journal`: the log while it is written.
//! - `lease`: keeping the provider, and ending before the time.
//! - `schedule`: which providers are due, and what is left of runs whose node died.

mod batch;
mod groups;
mod intake;
mod journal;
mod lease;
mod left_out;
mod patience;
mod read;
mod run;
mod schedule;
mod start;
mod vanished;

use std::sync::{Arc, OnceLock};

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

use super::{keys::Keys, providers::ProviderSecrets};
use crate::{
    clock::Clock,
    protocol::http::OutboundClient,
    store::{Presence, Store},
};
pub(super) use lease::{Running, Stop};
// Connection tests judge entries as a run does.
pub(super) use read::{check_dn, identify};

/// The noun of "not found" and "running already".
const WHAT: &str = "synchronisation";

/// The service over the core. A run outlives the request that asked for it, so it needs a share of the core.
#[derive(Clone)]
pub(crate) struct SyncService {
    store: Store,
    clock: Arc<dyn Clock>,
    secrets: ProviderSecrets,
    outbound: OutboundClient,
    running: Arc<Running>,
    /// Shows other processes that this one lives, for as long as a service or a run does.
    presence: Arc<OnceLock<Presence>>,
}

impl SyncService {
    /// Keeps the presence of this process for as long as a service or a run lives.
    pub(crate) fn stay(&self, presence: Presence) {
        // A second one is dropped: the first is kept.
        let _ = self.presence.set(presence);
    }

    pub(super) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        keys: Arc<Keys>,
        outbound: OutboundClient,
        running: Arc<Running>,
    ) -> Self {
        Self { store, clock, secrets: ProviderSecrets::new(keys), outbound, running, presence: Arc::default() }
    }
}

#[async_trait]
impl Syncs for SyncService {
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog> {
        self.start_sync(actor, provider, options).await
    }

    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        self.cancel_sync(actor, provider).await
    }

    async fn overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
        self.sync_overview(actor, provider).await
    }

    async fn logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>> {
        self.sync_logs(actor, provider, page).await
    }

    async fn log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        self.sync_log(actor, provider, id).await
    }

    async fn entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        self.sync_entries(actor, provider, id, filter, page).await
    }

    async fn groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        self.directory_groups(actor, provider, search, page).await
    }

    async fn last_of(&self, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        self.last_syncs(providers).await
    }
}
