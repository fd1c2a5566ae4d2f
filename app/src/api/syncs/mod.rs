//! Synchronisation with directories.

mod report;
#[cfg(feature = "ssr")]
pub(super) mod rows;

pub use report::{SyncReport, SyncSummary};

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, display::DisplayRow};
use crate::domain::{
    id::{ProviderId, SyncLogId},
    sync::SyncOptions,
};

/// Starts a run and waits up to 25 seconds for its end. The `state` of a longer one is `None`.
#[server(prefix = "/_ui/fn", endpoint = "syncs/start", protocol = JsonPost)]
pub async fn start_sync(provider: ProviderId, options: SyncOptions) -> Result<DisplayRow, ApiError> {
    let call = context()?;
    answer(call.services.syncs.start(&call.actor, provider, options).await.map(|log| rows::run(&log)))
}

/// Cancels the current run. Returns whether there was one.
#[server(prefix = "/_ui/fn", endpoint = "syncs/cancel", protocol = JsonPost)]
pub async fn cancel_sync(provider: ProviderId) -> Result<bool, ApiError> {
    let call = context()?;
    answer(call.services.syncs.cancel(&call.actor, provider).await)
}

/// The state of a provider's synchronisation, with the counts of the current run.
#[server(prefix = "/_ui/fn", endpoint = "syncs/overview", protocol = JsonPost)]
pub async fn get_sync_summary(provider: ProviderId) -> Result<SyncSummary, ApiError> {
    let call = context()?;
    answer(call.services.syncs.overview(&call.actor, provider).await.map(rows::sync_summary))
}

/// The report of a run.
#[server(prefix = "/_ui/fn", endpoint = "syncs/log", protocol = JsonPost)]
pub async fn get_sync_report(provider: ProviderId, id: SyncLogId) -> Result<SyncReport, ApiError> {
    let call = context()?;
    answer(call.services.syncs.log(&call.actor, provider, id).await.map(rows::report))
}
