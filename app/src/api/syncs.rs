//! Synchronisation with directories.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::{ProviderId, SyncLogId},
    page::{Page, PageRequest},
    sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, SyncOverview},
};

/// Begins a run and waits up to 25 seconds for its end; a longer one goes on, and its log says so.
#[server(prefix = "/_ui/fn", endpoint = "syncs/start", protocol = JsonPost)]
pub async fn start_sync(provider: ProviderId, options: SyncOptions) -> Result<SyncLog, ApiError> {
    let call = context()?;
    answer(call.services.syncs.start(&call.actor, provider, options).await)
}

/// Asks the run that is going on to end. Answers whether there was one.
#[server(prefix = "/_ui/fn", endpoint = "syncs/cancel", protocol = JsonPost)]
pub async fn cancel_sync(provider: ProviderId) -> Result<bool, ApiError> {
    let call = context()?;
    answer(call.services.syncs.cancel(&call.actor, provider).await)
}

/// How the synchronisation of a provider stands; with the counts of a run that is going on.
#[server(prefix = "/_ui/fn", endpoint = "syncs/overview", protocol = JsonPost)]
pub async fn get_sync_overview(provider: ProviderId) -> Result<SyncOverview, ApiError> {
    let call = context()?;
    answer(call.services.syncs.overview(&call.actor, provider).await)
}

/// A page of a provider's logs, newest first.
#[server(prefix = "/_ui/fn", endpoint = "syncs/logs", protocol = JsonPost)]
pub async fn list_sync_logs(provider: ProviderId, page: PageRequest) -> Result<Page<SyncLog>, ApiError> {
    let call = context()?;
    answer(call.services.syncs.logs(&call.actor, provider, page.capped()).await)
}

/// One log.
#[server(prefix = "/_ui/fn", endpoint = "syncs/log", protocol = JsonPost)]
pub async fn get_sync_log(provider: ProviderId, id: SyncLogId) -> Result<SyncLog, ApiError> {
    let call = context()?;
    answer(call.services.syncs.log(&call.actor, provider, id).await)
}

/// A page of what a log tells of single entries, in the order they were met.
#[server(prefix = "/_ui/fn", endpoint = "syncs/entries", protocol = JsonPost)]
pub async fn list_sync_entries(
    provider: ProviderId,
    id: SyncLogId,
    filter: SyncEntryFilter,
    page: PageRequest,
) -> Result<Page<SyncEntry>, ApiError> {
    let call = context()?;
    answer(call.services.syncs.entries(&call.actor, provider, id, filter, page.capped()).await)
}
