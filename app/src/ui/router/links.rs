//! Following links within the portal without loading it anew.

use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use super::{Departure, Router};

/// Follows the link that was clicked, if it leads into the portal and nobody asked the browser for more than that. With
/// `data-noscroll` the page stays where it is scrolled to.
pub(super) fn follow(router: Router, event: &MouseEvent) {
    let wants_more = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || wants_more {
        return;
    }
    let Some(link) = link_of(event) else { return };
    let Some(path) = path_of(router, &link) else { return };
    event.prevent_default();
    if !router.is_kept(Departure::Link(path.clone())) {
        router.visit(&path, !link.has_attribute("data-noscroll"));
    }
}

fn link_of(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??.dyn_into().ok()
}

/// The path, query and fragment of a link, relative to the base; nothing when it leads elsewhere.
fn path_of(router: Router, link: &HtmlAnchorElement) -> Option<String> {
    let is_plain = link.target().is_empty() && !link.has_attribute("download");
    let is_here = link.origin() == window().location().origin().ok()?;
    let path = link.pathname();
    let is_within = router.base.with_value(|base| path == *base || path.starts_with(&format!("{base}/")));
    let to = || format!("{}{}{}", router.strip(&path), link.search(), link.hash());
    (is_plain && is_here && is_within).then(to)
}
