//! The browser's history and address.
//!
//! Every entry of the portal has its position as a number, so that Back and Forward can be distinguished and undone.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

/// Path and query of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The full path.
    pub(super) path: String,
    /// The query without the question mark.
    pub(super) query: String,
}

/// The browser's history. It may be forbidden (a sandboxed frame); then nothing is recorded.
pub(super) struct History;

impl History {
    /// The present address.
    pub(super) fn address() -> Address {
        let location = window().location();
        let query = location.search().unwrap_or_default();
        Address {
            path: location.pathname().unwrap_or_default(),
            query: query.strip_prefix('?').unwrap_or(&query).to_owned(),
        }
    }

    /// The position of the current entry, if it has one.
    pub(super) fn place() -> Option<i32> {
        #[expect(clippy::cast_possible_truncation, reason = "places are small whole numbers, and written below")]
        let place = window().history().ok()?.state().ok()?.as_f64()? as i32;
        Some(place)
    }

    /// Sets the position of the current entry.
    pub(super) fn set_place(place: i32) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state(&JsValue::from(place), "");
        }
    }

    /// Adds an entry.
    pub(super) fn push(url: &str, place: i32) {
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::from(place), "", Some(url));
        }
    }

    /// Changes the present entry.
    pub(super) fn replace(url: &str, place: i32) {
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::from(place), "", Some(url));
        }
    }

    /// Moves so many entries back or forward.
    pub(super) fn travel(distance: i32) {
        if let Ok(history) = window().history() {
            let _ = history.go_with_delta(distance);
        }
    }
}
