//! Routes: which page belongs to the address, and navigation between pages.
//!
//! A router of its own in place of `leptos_router`, which generates code for every route and cannot ask before Back and
//! Forward (docs/adr/0009-own-router.md). It has what the portal needs: a tree of [`Route`]s, layouts that
//! stay while the page in their [`Outlet`] changes, the query, and a [`Guard`] that is called before a page is left.
//!
//! Links in the markup are plain `<a href>`s, relative to the document's `<base>`.

mod ahead;
mod history;
mod later;
mod links;
mod matching;
mod outlet;

use leptos::{ev, prelude::*};

pub use ahead::FetchAhead;
pub use later::{Draw, later, later_within};
pub use matching::{Route, layout, page};
pub use outlet::{Outlet, use_param};

use self::{
    history::{Address, History},
    links::clicked_link,
    matching::Matched,
};

/// A way to leave a page, as passed to the [`Guard`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Departure {
    /// A link was followed to this path, relative to the base.
    Link(String),
    /// A move by a number of entries in the history.
    Travel(i32),
}

/// Called before a page is left by a link, by Back or by Forward; returns whether to stay. It is not called for
/// navigation from code.
pub type Guard = Callback<Departure, bool>;

/// The router. Provided once by the root; [`Router::current`] finds it.
#[derive(Clone, Copy)]
pub struct Router {
    base: StoredValue<String>,
    address: RwSignal<Address>,
    matched: Memo<Vec<Matched>>,
    /// The position of the current page in the history.
    place: StoredValue<i32>,
    guard: StoredValue<Option<Guard>>,
    /// Whether the next move through the history was confirmed, or undoes one that was not.
    is_agreed: StoredValue<bool>,
}

impl Router {
    /// Provides the router for a portal mounted at `base`: a path without a slash at its end, empty at the root.
    pub fn provide(base: &str, routes: &'static [Route]) -> Self {
        let base = base.to_owned();
        let address = RwSignal::new(History::address());
        let matched = {
            let base = base.clone();
            Memo::new(move |_| address.with(|address| matching::find(routes, strip(&base, &address.path))))
        };
        let place = History::place().unwrap_or_default();
        History::set_place(place);
        let router = Self {
            base: StoredValue::new(base),
            address,
            matched,
            place: StoredValue::new(place),
            guard: StoredValue::new(None),
            is_agreed: StoredValue::new(false),
        };
        provide_context(router);
        let travelled = window_event_listener(ev::popstate, move |_| router.travelled());
        let clicked = window_event_listener(ev::click, move |event| router.follow(&event));
        on_cleanup(move || {
            travelled.remove();
            clicked.remove();
        });
        router
    }

    /// The router of the running portal.
    pub fn current() -> Self {
        expect_context()
    }

    /// The path of the present page, relative to the base and without a slash in front. Tracked.
    pub fn path(self) -> String {
        self.address.with(|address| self.strip(&address.path))
    }

    /// The query of the present page without the question mark. Tracked.
    pub fn query(self) -> String {
        self.address.with(|address| address.query.clone())
    }

    /// Goes to a path relative to the base, such as `providers/new`, and begins at its top.
    pub fn push(self, path: &str) {
        self.visit(path, true);
    }

    fn visit(self, path: &str, begins_at_top: bool) {
        let place = self.place.get_value() + 1;
        self.place.set_value(place);
        History::push(&self.join(path), place);
        self.arrive();
        if begins_at_top {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Replaces the current page in the history. Scrolls only when the path changes.
    pub fn replace(self, path: &str) {
        let before = self.address.with_untracked(|address| address.path.clone());
        History::replace(&self.join(path), self.place.get_value());
        self.arrive();
        if self.address.with_untracked(|address| address.path != before) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Sets or removes the guard.
    pub fn set_guard(self, guard: Option<Guard>) {
        self.guard.try_set_value(guard);
    }

    /// Leaves the page in a way that the guard had prevented.
    pub fn depart(self, departure: &Departure) {
        match departure {
            Departure::Link(path) => self.push(path),
            Departure::Travel(distance) => {
                self.is_agreed.set_value(true);
                History::travel(*distance);
            }
        }
    }

    /// Follows the link that was clicked, if it leads into the portal.
    fn follow(self, event: &ev::MouseEvent) {
        let Some(link) = self.base.with_value(|base| clicked_link(base, event)) else { return };
        event.prevent_default();
        let path = self.strip(&link.path);
        if !self.is_kept(Departure::Link(path.clone())) {
            self.visit(&path, !link.keeps_scroll);
        }
    }

    /// Whether the guard keeps the page.
    fn is_kept(self, departure: Departure) -> bool {
        self.guard.get_value().is_some_and(|guard| guard.run(departure))
    }

    /// Back or Forward was used: the address has changed already. A move that the guard prevents is undone.
    fn travelled(self) {
        let here = self.place.get_value();
        // An entry without a position, such as a fragment entered in the address bar, comes after the current one.
        let there = History::place().unwrap_or_else(|| {
            History::set_place(here + 1);
            here + 1
        });
        let is_agreed = self.is_agreed.try_update_value(std::mem::take).unwrap_or_default();
        if !is_agreed && there != here && self.is_kept(Departure::Travel(there - here)) {
            // The move back is confirmed, and ends on the current page.
            self.is_agreed.set_value(true);
            History::travel(here - there);
            return;
        }
        self.place.set_value(there);
        self.arrive();
    }

    /// Reads the address.
    fn arrive(self) {
        let address = History::address();
        if self.address.with_untracked(|before| *before != address) {
            self.address.set(address);
        }
    }

    /// A full path as one relative to the base.
    fn strip(self, path: &str) -> String {
        self.base.with_value(|base| strip(base, path).to_owned())
    }

    /// A relative path as a full one.
    fn join(self, path: &str) -> String {
        self.base.with_value(|base| format!("{base}/{}", path.trim_start_matches('/')))
    }
}

/// A full path as one relative to the base, without a slash in front.
fn strip<'a>(base: &str, path: &'a str) -> &'a str {
    path.strip_prefix(base).unwrap_or(path).trim_start_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_the_mount_path() {
        assert_eq!(strip("/internal/sso", "/internal/sso/providers/1"), "providers/1");
        assert_eq!(strip("", "/providers"), "providers");
    }
}
