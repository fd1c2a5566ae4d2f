//! Starting a run.

use leptos::prelude::*;

use crate::{
    api::syncs::start_sync,
    domain::sync::{SyncLog, SyncOptions},
    ui::{
        pages::providers::detail::state::ProviderState,
        state::{Submit, use_submit},
    },
};

/// Starts runs. `done` is called with the log of each.
pub(super) fn use_start(state: ProviderState, done: Callback<SyncLog>) -> Submit<SyncOptions> {
    use_submit(move |options| start_sync(state.id, options), move |log| done.run(log))
}
