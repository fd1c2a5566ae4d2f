//! The synchronisation tab: how it stands, one run, or the groups of the directory. The address says which.

use leptos::prelude::*;

use super::{groups::SyncGroups, home::SyncHome, run::SyncRun};
use crate::{
    domain::id::SyncLogId,
    ui::{
        components::{focus, redraw},
        pages::providers::detail::state::ProviderState,
        state::{memo, use_query},
    },
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

/// The synchronisation tab.
#[component]
pub fn ProviderSync() -> impl IntoView {
    let state = ProviderState::current();
    let query = use_query();
    let run = memo(move || query.get("run"));
    let shows_groups = memo(move || query.get("show") == "groups");
    let is_drawn = StoredValue::new(false);
    redraw(move || {
        let (title, view) = match (run.get().parse::<SyncLogId>(), shows_groups.get()) {
            (Ok(id), _) => ("One run", view! { <SyncRun state id /> }.into_any()),
            (Err(_), true) => ("Groups of the directory", view! { <SyncGroups state /> }.into_any()),
            (Err(_), false) => ("Directory sync", view! { <SyncHome state /> }.into_any()),
        };
        // What was followed is gone, and the focus with it.
        if is_drawn.try_update_value(|drawn| std::mem::replace(drawn, true)) == Some(true) {
            keep_focus(HEADING);
        }
        view! {
            <h2 class="visually-hidden" tabindex="-1" id=HEADING>{title}</h2>
            {view}
        }
        .into_any()
    })
}

/// The address of the tab without what narrows it.
pub(super) fn back() -> AnyView {
    let query = use_query();
    let keys = ["run", "show", "action", "code", "q", "page"];
    let href = untrack(|| query.href(&keys.map(|key| (key, String::new()))));
    view! { <p class="tab-lead"><a href=href>"Show all runs"</a></p> }.into_any()
}
