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

/// Starts runs. `done` is called with the log of each, unless the user has left the page meanwhile.
pub(super) fn use_start(state: ProviderState, done: Callback<SyncLog>) -> Submit<SyncOptions> {
    let is_here = StoredValue::new(());
    let started = move |log| {
        if is_here.try_get_value().is_some() {
            done.run(log);
        }
    };
    use_submit(move |options| start_sync(state.id, options), started)
}
