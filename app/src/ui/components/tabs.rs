//! Tabs that are pages: each has an address of its own.

use leptos::{prelude::*, wasm_bindgen::JsCast};

use crate::ui::router::Router;

/// A link in a navigation that is marked as current on its page (`aria-current`).
#[component]
pub fn NavLink(
    /// Where it goes, relative to the portal's base.
    #[prop(into)]
    href: Signal<String>,
    /// Whether pages below that address do not count as present.
    #[prop(optional)]
    exact: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let router = Router::current();
    let current = Memo::new(move |_| is_current(&router.path(), &href.read(), exact));
    view! { <a class="nav-link" href=href aria-current=move || current.try_get().unwrap_or_default().then_some("page")>{children()}</a> }
}

fn is_current(path: &str, href: &str, exact: bool) -> bool {
    let path = path.trim_end_matches('/');
    match path.strip_prefix(href.trim_end_matches('/')) {
        Some("") => true,
        Some(rest) => !exact && rest.starts_with('/'),
        None => false,
    }
}

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it goes, relative to the portal's base.
    pub href: String,
    /// Its words.
    pub label: &'static str,
    /// Whether pages below that address belong to another tab.
    pub exact: bool,
}

/// A row of tabs. They are links in a navigation, since each is a page.
#[component]
pub fn Tabs(
    /// What the tabs are of: "Parts of this provider".
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
) -> impl IntoView {
    let row = NodeRef::<leptos::html::Ul>::new();
    let router = Router::current();
    // A link that is redrawn between pressing and releasing a button is not clicked, and loses the focus.
    let tabs = Memo::new(move |_| tabs.get());
    // On narrow screens the row overflows.
    Effect::new(move || {
        router.path();
        tabs.track();
        let Some(row) = row.get() else { return };
        request_animation_frame(move || show_current(&row));
    });
    view! {
        <nav class="tabs" aria-label=label>
            <ul node_ref=row>
                {move || {
                    tabs.get()
                        .into_iter()
                        .map(|Tab { href, label, exact }| view! { <li><NavLink href exact>{label}</NavLink></li> })
                        .collect_view()
                }}
            </ul>
        </nav>
    }
}

/// Scrolls a row of tabs so that the current one is in the middle, as far as possible.
fn show_current(row: &web_sys::HtmlElement) {
    let current = row.query_selector("[aria-current]").ok().flatten();
    if let Some(link) = current.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        row.set_scroll_left(link.offset_left() - (row.client_width() - link.offset_width()) / 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_current_on_its_page_and_below() {
        assert!(is_current("providers/1", "providers", false));
        assert!(!is_current("providers/1", "providers", true));
        assert!(!is_current("providers-old", "providers", false));
        assert!(is_current("providers/", "providers", true));
    }
}
