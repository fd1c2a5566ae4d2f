//! State that lives in the URL's query: what somebody searched for survives a reload and can be sent to a colleague.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};

use super::base::Navigate;

/// Reads and writes the query of the present page.
#[derive(Clone, Copy)]
pub struct Query {
    map: Memo<ParamsMap>,
    pathname: Memo<String>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

impl Query {
    /// The value of a key; empty when absent. Tracked.
    pub fn get(self, key: &str) -> String {
        self.map.with(|map| map.get_str(key).unwrap_or_default().to_owned())
    }

    /// The value of a key, when it reads as what is wanted. Tracked.
    pub fn parse<T: std::str::FromStr>(self, key: &str) -> Option<T> {
        self.map.with(|map| map.get_str(key).and_then(|text| text.parse().ok()))
    }

    /// The page number in the key `page`, from 1. Tracked.
    pub fn page(self) -> u64 {
        self.parse("page").filter(|page| *page > 0).unwrap_or(1)
    }

    /// The address with these keys changed; empty values disappear. Tracks the query alone: a page's path is its own for
    /// as long as it lives, and following the path would draw a page again that is being left and disposed of.
    pub fn href(self, changes: &[(&'static str, String)]) -> String {
        format!("{}{}", self.pathname.get_untracked(), changed(&self.map.read(), changes))
    }

    /// Changes these keys without a new entry in the history; empty values disappear, and so does `page`.
    pub fn set(self, changes: &[(&'static str, String)]) {
        let mut map = self.map.get_untracked();
        map.remove("page");
        let query = changed(&map, changes);
        let options = NavigateOptions { replace: true, scroll: false, resolve: false, ..NavigateOptions::default() };
        let path = format!("{}{query}", self.pathname.get_untracked());
        self.navigate.try_with_value(|navigate| navigate(&path, options));
    }
}

fn changed(map: &ParamsMap, changes: &[(&'static str, String)]) -> String {
    let mut map = map.clone();
    for (key, value) in changes {
        if value.is_empty() {
            map.remove(key);
        } else {
            map.replace(*key, value.clone());
        }
    }
    map.to_query_string()
}

/// The query of the present page.
pub fn use_query() -> Query {
    let navigate = use_navigate();
    Query {
        map: use_query_map(),
        pathname: use_location().pathname,
        navigate: StoredValue::new_local(Box::new(move |path: &str, options| navigate(path, options))),
    }
}
