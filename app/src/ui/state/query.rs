//! State in the URL's query, which survives a reload and can be shared.

use leptos::prelude::*;

use web_sys::UrlSearchParams;

use crate::ui::router::Router;

/// Reads and writes the query of the present page.
#[derive(Clone, Copy)]
pub struct Query {
    router: Router,
    text: Memo<String>,
}

impl Query {
    /// The value of a key; empty when absent. Tracked.
    pub fn get(self, key: &str) -> String {
        self.find(key).unwrap_or_default()
    }

    /// The value of a key, when it is there. Tracked.
    pub fn find(self, key: &str) -> Option<String> {
        self.params()?.get(key)
    }

    /// The value of a key, when it can be parsed. Tracked.
    pub fn parse<T: std::str::FromStr>(self, key: &str) -> Option<T> {
        self.find(key)?.parse().ok()
    }

    /// The page number in the key `page`, from 1. Tracked.
    pub fn page(self) -> u64 {
        self.parse("page").filter(|page| *page > 0).unwrap_or(1)
    }

    /// The address with these keys changed, relative to the base; empty values are removed. Tracks only the query: a
    /// page's path never changes during its life, and tracking it would redraw a page that is being left and disposed
    /// of.
    pub fn href(self, changes: &[(&'static str, String)]) -> String {
        let path = untrack(|| self.router.path());
        match self.changed(changes) {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }

    /// Changes these keys without a new entry in the history; empty values disappear, and so does `page`.
    pub fn set(self, changes: &[(&'static str, String)]) {
        let mut changes = changes.to_vec();
        changes.push(("page", String::new()));
        self.router.replace(&untrack(|| self.href(&changes)));
    }

    fn changed(self, changes: &[(&'static str, String)]) -> String {
        let Some(params) = self.params() else { return String::new() };
        for (key, value) in changes {
            if value.is_empty() {
                params.delete(key);
            } else {
                params.set(key, value);
            }
        }
        params.to_string().into()
    }

    /// The query as the browser parses it.
    fn params(self) -> Option<UrlSearchParams> {
        self.text.with(|text| UrlSearchParams::new_with_str(text).ok())
    }
}

/// The query of the present page.
pub fn use_query() -> Query {
    let router = Router::current();
    Query { router, text: Memo::new(move |_| router.query()) }
}
