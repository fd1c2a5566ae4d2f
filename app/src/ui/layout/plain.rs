//! The frame of pages that stand alone: signing in, setting up.

use leptos::prelude::*;

/// A narrow page with the product's name above. `title` becomes the one heading.
#[component]
pub fn PlainPage(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A line below it.
    #[prop(optional, into)]
    lead: String,
    /// What is on the page.
    children: Children,
) -> impl IntoView {
    document().set_title(&format!("{title} · Vestibule"));
    view! {
        <div class="plain">
            <header class="plain-brand">
                <span class="brand"><BrandMark />"Vestibule"</span>
            </header>
            <main class="plain-main" id="main" tabindex="-1">
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="page-lead">{lead}</p> })}
                {children()}
            </main>
        </div>
    }
}

/// The product's sign: a doorway.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <rect class="brand-mark-ground" width="24" height="24" rx="6"></rect>
            <path class="brand-mark-door" d="M7 19V10a5 5 0 0 1 10 0v9h-2.5v-9a2.5 2.5 0 0 0-5 0v9z"></path>
        </svg>
    }
}
