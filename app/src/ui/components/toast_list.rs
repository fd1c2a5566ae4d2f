//! Draws the messages of [`Toasts`](crate::ui::state::Toasts).

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::ui::state::Toasts;

/// The live region with the messages. The root draws it once.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = Toasts::current();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown() key=|toast| toast.id let:toast>
                <div class=format!("toast tone-{}", toast.tone.as_str())>
                    <IconView icon=toast.tone.icon() />
                    <p>{toast.text}</p>
                    <button type="button" class="toast-close" aria-label="Dismiss message" on:click=move |_| toasts.dismiss(toast.id)>
                        <IconView icon=Icon::Cross />
                    </button>
                </div>
            </For>
        </div>
    }
}
