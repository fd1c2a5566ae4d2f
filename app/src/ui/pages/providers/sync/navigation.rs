//! Links between the views of the synchronisation tab, and its focus.

use leptos::prelude::*;

use crate::{
    domain::id::SyncLogId,
    ui::{components::focus, pages::providers::detail::state::ProviderState, routes::ProviderTab, state::use_query},
};

/// The id of the heading.
pub(super) const HEADING: &str = "sync-heading";

/// Moves the focus to an element, unless something has it: after the focused element was removed, the next Tab would
/// start at the top of the page.
pub(super) fn keep_focus(id: &'static str) {
    request_animation_frame(move || {
        if document().active_element().is_none_or(|focused| focused.tag_name() == "BODY") {
            focus(id);
        }
    });
}

/// The address of a run.
pub(super) fn run_path(state: ProviderState, id: SyncLogId) -> String {
    format!("{}?run={id}", ProviderTab::Sync.path(state.id))
}

/// The link from a run or from the groups back to all runs.
pub(super) fn all_runs_link() -> AnyView {
    let query = use_query();
    let keys = ["run", "show", "action", "code", "q", "page"];
    let href = untrack(|| query.href(&keys.map(|key| (key, String::new()))));
    view! { <p class="tab-lead"><a href=href>"Show all runs"</a></p> }.into_any()
}
