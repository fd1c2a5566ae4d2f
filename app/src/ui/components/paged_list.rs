//! Lists that the server pages.

use leptos::prelude::*;

use super::{DataView, EmptyState, FilteredEmpty, Pagination};
use crate::{
    domain::page::Page,
    ui::state::{Load, Query, use_query},
};

/// A list in all its states: loading, failed, empty, empty after filtering, and the rows with links to other pages.
#[component]
pub fn PagedList<T, F, V>(
    /// A page of the list.
    resource: Load<Page<T>>,
    /// What is listed, in the singular: "user".
    noun: &'static str,
    /// How many rows a page has.
    size: u32,
    /// The title of the empty list: "No users yet".
    title: &'static str,
    /// One line about what belongs in the list.
    text: &'static str,
    /// The query keys of its filters.
    #[prop(optional)]
    filters: &'static [&'static str],
    /// Draws the rows: `let:rows`.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(Vec<T>) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let query = use_query();
    let draw = move |page: Page<T>| match page.total {
        0 => empty(query, noun, title, text, filters),
        total => view! {
            {children(page.items)}
            <Pagination total size noun />
        }
        .into_any(),
    };
    view! { <DataView resource skeleton=6 let:page>{draw(page)}</DataView> }
}

fn empty(
    query: Query,
    noun: &'static str,
    title: &'static str,
    text: &'static str,
    filters: &'static [&'static str],
) -> AnyView {
    if filters.iter().all(|key| query.get(key).is_empty()) {
        return view! { <EmptyState title text /> }.into_any();
    }
    let clear = move |()| query.set(&filters.iter().map(|key| (*key, String::new())).collect::<Vec<_>>());
    view! { <FilteredEmpty noun search=query.get("q") on_clear=clear /> }.into_any()
}
