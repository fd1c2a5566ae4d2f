//! The head of a page.

use leptos::prelude::*;

/// Whether a page was shown before; the root provides it.
#[derive(Clone, Copy)]
pub struct Navigated(pub StoredValue<bool>);

/// A page on the way to the present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it is, relative to the portal's base.
    pub href: String,
    /// Its name.
    pub label: String,
}

impl Crumb {
    /// A page on the way.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// Breadcrumbs, the page's one `<h1>`, a line below it, and actions at the right.
///
/// Sets the document's title, and moves the focus to the heading after navigation.
#[component]
pub fn PageHeader(
    /// The thing that the page is about: "Okta (Acme)", not "Provider details".
    #[prop(into)]
    title: Signal<String>,
    /// A line below the title.
    #[prop(optional, into)]
    lead: Option<String>,
    /// The pages on the way here.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Badges and buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H1>::new();
    let focused = StoredValue::new(false);
    Effect::new(move || document().set_title(&format!("{} · Vestibule", title.read())));
    Effect::new(move || {
        let Some(element) = heading.get() else { return };
        if focused.try_update_value(|done| std::mem::replace(done, true)) != Some(false) {
            return;
        }
        let came_from_elsewhere = use_context::<Navigated>()
            .and_then(|Navigated(navigated)| navigated.try_update_value(|seen| std::mem::replace(seen, true)))
            .unwrap_or(false);
        if came_from_elsewhere {
            let _ = element.focus();
        }
    });
    let crumbs = (!crumbs.is_empty()).then(|| {
        view! {
            <nav class="crumbs" aria-label="Breadcrumbs">
                <ol>
                    {crumbs.into_iter().map(|Crumb { href, label }| view! { <li><a href=href>{label}</a></li> }).collect_view()}
                </ol>
            </nav>
        }
    });
    view! {
        <header class="page-header">
            {crumbs}
            <div class="page-header-row">
                <div class="page-header-words">
                    <h1 tabindex="-1" node_ref=heading>{title}</h1>
                    {lead.map(|lead| view! { <p class="page-lead">{lead}</p> })}
                </div>
                {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
            </div>
        </header>
    }
}
