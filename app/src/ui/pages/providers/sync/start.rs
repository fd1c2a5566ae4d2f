//! Starting a run.

use leptos::prelude::*;

use crate::{
    api::{display::DisplayRow, syncs::start_sync},
    domain::sync::SyncOptions,
    ui::{
        pages::providers::detail::state::ProviderState,
        state::{Submit, use_submit},
    },
};

/// Starts runs. `done` is called with each, unless the user has left the page meanwhile.
pub(super) fn use_start(state: ProviderState, done: Callback<DisplayRow>) -> Submit<SyncOptions> {
    let is_here = StoredValue::new(());
    let started = move |run| {
        if is_here.try_get_value().is_some() {
            done.run(run);
        }
    };
    use_submit(move |options| start_sync(state.id, options), started)
}
