//! Nobody loses what they typed by following a link.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::{ConfirmDialog, Variant};
use crate::ui::state::{Base, use_go};

/// Asks before a page with unsaved changes is left: by a link within the portal with a dialog, by closing or reloading
/// with the browser's own question. Going back in the history is not caught.
#[component]
pub fn UnsavedGuard(
    /// Whether there are unsaved changes.
    #[prop(into)]
    dirty: Signal<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let target = RwSignal::new(String::new());
    let go = use_go();
    let base = Base::current();

    let before_unload = window_event_listener(ev::beforeunload, move |event| {
        if dirty.get_untracked() {
            event.prevent_default();
        }
    });

    // The capturing phase comes before the router's own listener.
    let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        if !dirty.try_get_untracked().unwrap_or(false) {
            return;
        }
        let Some(href) = link_of(&event) else { return };
        event.prevent_default();
        event.stop_propagation();
        target.set(base.strip(&href).to_owned());
        open.set(true);
    });
    let listener = StoredValue::new_local(listener);
    let attach = move |add: bool| {
        listener.try_with_value(|listener| {
            let function = listener.as_ref().unchecked_ref();
            let document = document();
            let _: Result<(), JsValue> = if add {
                document.add_event_listener_with_callback_and_bool("click", function, true)
            } else {
                document.remove_event_listener_with_callback_and_bool("click", function, true)
            };
        });
    };
    attach(true);
    on_cleanup(move || {
        attach(false);
        before_unload.remove();
    });

    let leave = move |()| {
        open.set(false);
        go.to(&target.get_untracked());
    };
    view! {
        <ConfirmDialog open title="Leave without saving?" confirm="Discard changes" variant=Variant::Danger on_confirm=leave>
            <p>"Your changes on this page have not been saved."</p>
        </ConfirmDialog>
    }
}

/// The path, query and fragment of the portal's link that was clicked.
fn link_of(event: &web_sys::Event) -> Option<String> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = element.closest("a[href]").ok().flatten()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    let is_here = link.origin() == window().location().origin().ok()? && link.target().is_empty();
    is_here.then(|| format!("{}{}{}", link.pathname(), link.search(), link.hash()))
}
