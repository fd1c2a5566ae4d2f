//! Asks before unsaved changes are lost.

use leptos::{ev, prelude::*};

use super::{ConfirmDialog, Variant};
use crate::ui::router::{Departure, Router};

/// Asks before a page with unsaved changes is left: by a link within the portal, Back or Forward with a dialog, by closing
/// or reloading with the browser's own question.
#[component]
pub fn UnsavedGuard(
    /// Whether there are unsaved changes.
    #[prop(into)]
    dirty: Signal<bool>,
) -> impl IntoView {
    let router = Router::current();
    let open = RwSignal::new(false);
    let departure = RwSignal::new(None::<Departure>);
    let is_dirty = move || dirty.try_get_untracked().unwrap_or_default();

    router.set_guard(Some(Callback::new(move |to| {
        let asks = is_dirty();
        if asks {
            departure.set(Some(to));
            open.set(true);
        }
        asks
    })));
    let before_unload = window_event_listener(ev::beforeunload, move |event| {
        if is_dirty() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        router.set_guard(None);
        before_unload.remove();
    });

    let leave = move |()| {
        open.set(false);
        if let Some(departure) = departure.get_untracked() {
            router.depart(&departure);
        }
    };
    view! {
        <ConfirmDialog open title="Leave without saving?" confirm="Discard changes" variant=Variant::Danger on_confirm=leave>
            <p>"Your changes on this page have not been saved."</p>
        </ConfirmDialog>
    }
}
