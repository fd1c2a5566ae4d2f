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

use std::sync::Arc;

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

use super::Core;
pub(super) use lease::{Running, Stop};
// Connection tests judge entries as a run does.
pub(super) use read::{check_dn, identify};

/// The noun of "not found" and "running already".
const WHAT: &str = "synchronisation";

/// The service over the core. A run outlives the request that asked for it, so it needs a share of the core.
pub(crate) struct SyncService(pub(super) Arc<Core>);

#[async_trait]
impl Syncs for SyncService {
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog> {
        self.0.start_sync(actor, provider, options).await
    }

    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        self.0.cancel_sync(actor, provider).await
    }

    async fn overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
        self.0.sync_overview(actor, provider).await
    }

    async fn logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>> {
        self.0.sync_logs(actor, provider, page).await
    }

    async fn log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        self.0.sync_log(actor, provider, id).await
    }

    async fn entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        self.0.sync_entries(actor, provider, id, filter, page).await
    }

    async fn groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        self.0.directory_groups(actor, provider, search, page).await
    }

    async fn last_of(&self, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        self.0.last_syncs(providers).await
    }
}
