//! Messages within a page.

use leptos::prelude::*;

use super::{IconView, Tone};

/// A boxed message with a title and, as children, advice. Danger interrupts screen readers, the others do not.
#[component]
pub fn Callout(
    /// How the message is to be understood.
    #[prop(optional)]
    tone: Tone,
    /// The message, as a sentence.
    #[prop(into)]
    title: String,
    /// What to do about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=format!("callout tone-{}", tone.as_str()) role=(tone == Tone::Danger).then_some("alert")>
            <IconView icon=tone.icon() />
            <div class="callout-words">
                <p class="callout-title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
