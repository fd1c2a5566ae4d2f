//! A summary of the synchronisation.

use leptos::prelude::*;

use super::monitor::{addresses, load};
use crate::{
    api::display::DisplayRow,
    ui::{
        components::{Card, DataView, facts},
        pages::providers::detail::state::ProviderState,
    },
};

/// Users and groups of a directory, its last and its next run, for the provider's overview.
#[component]
pub fn SyncCard(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let monitor = load(state.id);
    view! {
        <Card title="Directory sync">
            <DataView resource=monitor skeleton=2 let:monitor>{draw(state, monitor.facts)}</DataView>
        </Card>
    }
}

/// The facts with their links.
pub(super) fn draw(state: ProviderState, known: Vec<DisplayRow>) -> AnyView {
    let addresses = addresses(state, &known);
    facts(known, &addresses)
}
