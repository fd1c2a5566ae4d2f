//! Draws the messages of [`Toasts`](crate::ui::state::Toasts).

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::ui::state::{Toast, Toasts};

/// The live region with the messages. The root draws it once.
#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = Toasts::current();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown() key=|toast| toast.id let:toast>{draw(toasts, toast)}</For>
        </div>
    }
}

fn draw(toasts: Toasts, toast: Toast) -> AnyView {
    let Toast { id, tone, text } = toast;
    view! {
        <div class=format!("toast tone-{}", tone.as_str())>
            <IconView icon=tone.icon() />
            <p>{text}</p>
            <button type="button" class="toast-close" aria-label="Dismiss message" on:click=move |_| toasts.dismiss(id)>
                <IconView icon=Icon::Cross />
            </button>
        </div>
    }
    .into_any()
}
