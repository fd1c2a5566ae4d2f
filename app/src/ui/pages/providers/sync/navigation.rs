//! Ways between the pages of the synchronisation tab, and where the focus goes on them.

use leptos::prelude::*;

use crate::ui::{
    components::focus, pages::providers::detail::state::ProviderState, routes::ProviderTab, state::use_query,
};

/// The heading of what is shown.
pub(super) const HEADING: &str = "sync-heading";

/// Moves the focus here, unless it is somewhere: what had it is gone, and the next Tab would begin at the top.
pub(super) fn keep_focus(id: &'static str) {
    request_animation_frame(move || {
        if document().active_element().is_none_or(|focused| focused.tag_name() == "BODY") {
            focus(id);
        }
    });
}

/// The address of a run.
pub(super) fn run_path(state: ProviderState, id: impl std::fmt::Display) -> String {
    format!("{}?run={id}", ProviderTab::Sync.path(state.id))
}

/// The link from a run or from the groups back to all runs.
pub(super) fn all_runs_link() -> AnyView {
    let query = use_query();
    let keys = ["run", "show", "action", "code", "q", "page"];
    let href = untrack(|| query.href(&keys.map(|key| (key, String::new()))));
    view! { <p class="tab-lead"><a href=href>"Show all runs"</a></p> }.into_any()
}
