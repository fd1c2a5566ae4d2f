//! Synchronisation with directories.

#[cfg(feature = "ssr")]
pub(super) mod words;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, table::Row};
use crate::domain::{
    id::{ProviderId, SyncLogId},
    sync::SyncOptions,
};

/// How the synchronisation of a provider stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStanding {
    /// The run that is going on: what it is, what it counted so far (`texts[0]`), how long it has taken.
    pub running: Option<Row>,
    /// How many users that run has read.
    pub seen: u64,
    /// How many users the directory has.
    pub users: u64,
    /// Users and groups that are known, and the last and the next run.
    pub facts: Vec<Row>,
}

/// What is told of one run, beside its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The run as the history shows it.
    pub run: Row,
    /// What became of users and groups, when and how it ran.
    pub facts: Vec<Row>,
    /// Why it did not do everything, and what deserves attention: `name` is the title, `texts` are sentences.
    pub remarks: Vec<Row>,
    /// How many users the safeguard kept; absent when it kept none.
    pub vanished: Option<u64>,
}

/// Begins a run and waits up to 25 seconds for its end; a longer one goes on, and its `state` is nothing.
#[server(prefix = "/_ui/fn", endpoint = "syncs/start", protocol = JsonPost)]
pub async fn start_sync(provider: ProviderId, options: SyncOptions) -> Result<Row, ApiError> {
    let call = context()?;
    answer(call.services.syncs.start(&call.actor, provider, options).await.map(|log| words::run(&log)))
}

/// Asks the run that is going on to end. Answers whether there was one.
#[server(prefix = "/_ui/fn", endpoint = "syncs/cancel", protocol = JsonPost)]
pub async fn cancel_sync(provider: ProviderId) -> Result<bool, ApiError> {
    let call = context()?;
    answer(call.services.syncs.cancel(&call.actor, provider).await)
}

/// How the synchronisation of a provider stands; with the counts of a run that is going on.
#[server(prefix = "/_ui/fn", endpoint = "syncs/overview", protocol = JsonPost)]
pub async fn get_sync_standing(provider: ProviderId) -> Result<SyncStanding, ApiError> {
    let call = context()?;
    answer(call.services.syncs.overview(&call.actor, provider).await.map(words::standing))
}

/// One run.
#[server(prefix = "/_ui/fn", endpoint = "syncs/log", protocol = JsonPost)]
pub async fn get_sync_report(provider: ProviderId, id: SyncLogId) -> Result<SyncReport, ApiError> {
    let call = context()?;
    answer(call.services.syncs.log(&call.actor, provider, id).await.map(words::report))
}
