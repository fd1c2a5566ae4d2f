//! Links within the portal, which the router follows without reloading it.

use leptos::{ev::MouseEvent, prelude::window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

/// The link that was clicked, if it leads into the portal mounted at `base` and the user did not ask the browser for
/// a new tab or the like.
pub(super) fn clicked_link(base: &str, event: &MouseEvent) -> Option<PortalLink> {
    let has_modifier = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || has_modifier {
        return None;
    }
    let anchor = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??.dyn_into().ok()?;
    PortalLink::of(base, &anchor)
}

/// A link to a page of the portal.
pub(super) struct PortalLink {
    /// Path with the base, query and fragment.
    pub(super) path: String,
    /// Whether the page stays where it is scrolled to (`data-noscroll`).
    pub(super) keeps_scroll: bool,
}

impl PortalLink {
    /// Returns `None` when the anchor leads elsewhere.
    fn of(base: &str, anchor: &HtmlAnchorElement) -> Option<Self> {
        let is_plain = anchor.target().is_empty() && !anchor.has_attribute("download");
        let is_same_origin = anchor.origin() == window().location().origin().ok()?;
        let path = anchor.pathname();
        let is_within = path == base || path.starts_with(&format!("{base}/"));
        (is_plain && is_same_origin && is_within).then(|| Self {
            path: format!("{path}{}{}", anchor.search(), anchor.hash()),
            keeps_scroll: anchor.has_attribute("data-noscroll"),
        })
    }
}
