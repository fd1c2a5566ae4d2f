//! Modal dialogs.

use leptos::prelude::*;

use super::{Button, Callout, Tone, Variant};
use crate::api::ApiError;

/// A modal dialog. The native element keeps the focus inside, closes on Escape and restores the focus.
///
/// Its children exist only while it is open, so they start afresh each time.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Whether Escape is ignored, for content that must be read first.
    #[prop(optional)]
    persistent: bool,
    /// Words, fields and a [`DialogActions`].
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let title_id = format!("dialog-{}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    Effect::new(move || {
        let Some(element) = dialog.get() else { return };
        match (open.get(), element.open()) {
            (true, false) => {
                let _ = element.show_modal();
            }
            (false, true) => element.close(),
            (true, true) | (false, false) => {}
        }
    });
    let cancel = move |event: web_sys::Event| {
        if persistent {
            event.prevent_default();
        }
    };
    // The event is dispatched after the element has closed; it may have been opened again by then.
    let closed = move |_| {
        if dialog.get_untracked().is_none_or(|element| !element.open()) {
            open.set(false);
        }
    };
    let labelled_by = title_id.clone();
    // A memo, so that opening twice draws once: a form drawn over itself could be sent by both
    // (docs/adr/0008-erased-component-types.md).
    let is_open = Memo::new(move |_| open.get());
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=labelled_by on:cancel=cancel on:close=closed>
            <h2 class="dialog-title" id=title_id>{title}</h2>
            {move || is_open.get().then(|| children())}
        </dialog>
    }
}

static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// The row of buttons at a dialog's end.
#[component]
pub fn DialogActions(
    /// The buttons, the one that changes something last.
    children: Children,
) -> impl IntoView {
    view! { <div class="dialog-actions">{children()}</div> }
}

/// A dialog that confirms an action. Its button repeats the verb; never "OK".
#[component]
pub fn ConfirmDialog(
    /// Whether it is open. The caller closes it when the call has worked.
    open: RwSignal<bool>,
    /// The action: "Revoke this token".
    #[prop(into)]
    title: Signal<String>,
    /// The verb on the button: "Revoke token".
    #[prop(into)]
    confirm: String,
    /// Whether something is lost.
    #[prop(default = Variant::Danger)]
    variant: Variant,
    /// Whether the call runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether the button is disabled, for instance until the name is entered.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The error of the call.
    #[prop(optional, into)]
    error: Signal<Option<ApiError>>,
    /// Called when confirmed.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What will happen, with the affected objects counted.
    children: ChildrenFn,
) -> impl IntoView {
    let confirm = StoredValue::new(confirm);
    let body = StoredValue::new(children);
    view! {
        <Dialog open title>
            <div class="dialog-body">{body.with_value(|body| body())}</div>
            {move || error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
            <DialogActions>
                <Button on_click=move |()| open.set(false)>"Cancel"</Button>
                <Button variant busy disabled on_click=move |()| on_confirm.run(())>{confirm.get_value()}</Button>
            </DialogActions>
        </Dialog>
    }
}
