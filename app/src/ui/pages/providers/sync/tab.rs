//! The synchronisation tab: its state, one run, or the groups of the directory, by the query.

use leptos::prelude::*;

use super::{
    groups::SyncGroups,
    home::SyncHome,
    navigation::{HEADING, keep_focus},
    run::SyncRun,
};
use crate::{
    domain::id::SyncLogId,
    ui::{pages::providers::detail::state::ProviderState, state::use_query},
};

/// The synchronisation tab.
#[component]
pub fn ProviderSync() -> impl IntoView {
    let state = ProviderState::current();
    let query = use_query();
    let run = Memo::new(move |_| query.get("run"));
    let shows_groups = Memo::new(move |_| query.get("show") == "groups");
    let is_drawn = StoredValue::new(false);
    move || {
        let (title, view) = match (run.get().parse::<SyncLogId>(), shows_groups.get()) {
            (Ok(id), _) => ("Run", view! { <SyncRun state id /> }.into_any()),
            (Err(_), true) => ("Groups of the directory", view! { <SyncGroups state /> }.into_any()),
            (Err(_), false) => ("Directory sync", view! { <SyncHome state /> }.into_any()),
        };
        // The link that was followed is removed, and with it the focus.
        if is_drawn.try_update_value(|drawn| std::mem::replace(drawn, true)) == Some(true) {
            keep_focus(HEADING);
        }
        view! {
            <h2 class="visually-hidden" tabindex="-1" id=HEADING>{title}</h2>
            {view}
        }
        .into_any()
    }
}
