//! A summary of the synchronisation.

use leptos::prelude::*;

use super::standing::{addresses, load};
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
    let standing = load(state.id);
    view! {
        <Card title="Directory sync">
            <DataView resource=standing skeleton=2 let:standing>{draw(state, standing.facts)}</DataView>
        </Card>
    }
}

/// The facts with their links.
pub(super) fn draw(state: ProviderState, known: Vec<DisplayRow>) -> AnyView {
    let addresses = addresses(state, &known);
    facts(known, &addresses)
}
