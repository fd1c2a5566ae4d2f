//! Synchronisation with directories.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::{ProviderId, SyncLogId},
    page::{Page, PageRequest},
    sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, SyncOverview},
    user::DirectoryGroup,
};

/// Starts a run and waits up to 25 seconds for its end. The log of a longer one says that it is running.
#[server(prefix = "/_ui/fn", endpoint = "syncs/start", protocol = JsonPost)]
pub async fn start_sync(provider: ProviderId, options: SyncOptions) -> Result<SyncLog, ApiError> {
    let call = context()?;
    answer(call.services.syncs.start(&call.actor, provider, options).await)
}

/// Cancels the current run. Returns whether there was one.
#[server(prefix = "/_ui/fn", endpoint = "syncs/cancel", protocol = JsonPost)]
pub async fn cancel_sync(provider: ProviderId) -> Result<bool, ApiError> {
    let call = context()?;
    answer(call.services.syncs.cancel(&call.actor, provider).await)
}

/// The state of a provider's synchronisation, with the counts of the current run.
#[server(prefix = "/_ui/fn", endpoint = "syncs/overview", protocol = JsonPost)]
pub async fn get_sync_overview(provider: ProviderId) -> Result<SyncOverview, ApiError> {
    let call = context()?;
    answer(call.services.syncs.get_overview(&call.actor, provider).await)
}

/// A page of a provider's runs, newest first.
#[server(prefix = "/_ui/fn", endpoint = "syncs/logs", protocol = JsonPost)]
pub async fn list_sync_logs(provider: ProviderId, page: PageRequest) -> Result<Page<SyncLog>, ApiError> {
    let call = context()?;
    answer(call.services.syncs.list_logs(&call.actor, provider, page.capped()).await)
}

/// The log of a run, without its entries.
#[server(prefix = "/_ui/fn", endpoint = "syncs/log", protocol = JsonPost)]
pub async fn get_sync_log(provider: ProviderId, id: SyncLogId) -> Result<SyncLog, ApiError> {
    let call = context()?;
    answer(call.services.syncs.get_log(&call.actor, provider, id).await)
}

/// A page of a log's entries, in the order of the run.
#[server(prefix = "/_ui/fn", endpoint = "syncs/entries", protocol = JsonPost)]
pub async fn list_sync_entries(
    provider: ProviderId,
    id: SyncLogId,
    filter: SyncEntryFilter,
    page: PageRequest,
) -> Result<Page<SyncEntry>, ApiError> {
    let call = context()?;
    answer(call.services.syncs.list_entries(&call.actor, provider, id, filter, page.capped()).await)
}

/// A page of a directory's groups by name, of those whose name or distinguished name contains `search`.
#[server(prefix = "/_ui/fn", endpoint = "syncs/groups", protocol = JsonPost)]
pub async fn list_directory_groups(
    provider: ProviderId,
    search: String,
    page: PageRequest,
) -> Result<Page<DirectoryGroup>, ApiError> {
    let call = context()?;
    answer(call.services.syncs.list_groups(&call.actor, provider, &search, page.capped()).await)
}
