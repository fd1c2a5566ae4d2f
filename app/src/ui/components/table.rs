//! Tables: the frame, sortable headers, pages. Their state is in the URL.

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::{
    domain::{
        page::page_count,
        words::{counted, plural},
    },
    ui::state::{Query, use_query},
};

/// A table with a caption for assistive technology. Below 640 px its rows become cards: give every cell
/// `data-label="Column"` so that the card can name it.
#[component]
pub fn Table(
    /// What the table lists.
    #[prop(into)]
    caption: String,
    /// `<thead>` and `<tbody>`.
    children: Children,
) -> impl IntoView {
    view! {
        <table class="table">
            <caption class="visually-hidden">{caption}</caption>
            {children()}
        </table>
    }
}

/// The cell that names a row. With an address, the name is a link.
#[component]
pub fn NameCell(
    /// The column's heading.
    label: &'static str,
    /// The name.
    #[prop(into)]
    name: String,
    /// A line below the name, such as a distinguished name.
    #[prop(optional, into)]
    note: String,
    /// Where the name links to.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let name = match href {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    view! { <th scope="row" class="row-name" data-label=label>{name} <span class="row-note">{note}</span></th> }
}

/// The text of a cell; a dash when there is none.
pub fn or_dash(text: Option<String>) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "—".to_owned())
}

/// A column header that sorts by its key; a second click reverses the order. Keeps `sort=key` or `sort=-key`.
#[component]
pub fn SortHeader(
    /// The column's words.
    #[prop(into)]
    label: String,
    /// The key in the URL.
    key: &'static str,
    /// Whether this is the default order.
    #[prop(optional)]
    default: bool,
) -> impl IntoView {
    let query = use_query();
    let order = Memo::new(move |_| order_of(&query.get("sort"), key, default));
    let href = move || {
        let next = match order.get() {
            Some(Order::Ascending) => format!("-{key}"),
            Some(Order::Descending) | None => key.to_owned(),
        };
        query.href(&[("sort", next), ("page", String::new())])
    };
    view! {
        <th
            scope="col"
            aria-sort=move || match order.get() {
                Some(Order::Ascending) => Some("ascending"),
                Some(Order::Descending) => Some("descending"),
                None => None,
            }
        >
            <a class="sort-link" href=href data-noscroll=true>
                {label}
                {move || match order.get() {
                    Some(Order::Ascending) => Some(view! { <IconView icon=Icon::Up /> }),
                    Some(Order::Descending) => Some(view! { <IconView icon=Icon::Down /> }),
                    None => None,
                }}
            </a>
        </th>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Ascending,
    Descending,
}

fn order_of(sort: &str, key: &str, default: bool) -> Option<Order> {
    match sort.strip_prefix('-') {
        Some(descending) => (descending == key).then_some(Order::Descending),
        None if sort.is_empty() => default.then_some(Order::Ascending),
        None => (sort == key).then_some(Order::Ascending),
    }
}

/// The position in a paged list, with links to the neighbouring pages. Keeps `page` in the URL; hidden for a single
/// page.
#[component]
pub fn Pagination(
    /// How many rows there are.
    #[prop(into)]
    total: Signal<u64>,
    /// How many rows a page has.
    size: u32,
    /// What is listed, in the singular: "provider".
    #[prop(into)]
    noun: String,
) -> impl IntoView {
    let query = use_query();
    let pages = Memo::new(move |_| page_count(total.get(), size));
    let page = Memo::new(move |_| query.page());
    let summary = {
        let noun = noun.clone();
        move || {
            let (page, total) = (page.get(), total.get());
            let first = (page - 1).saturating_mul(u64::from(size)) + 1;
            let last = page.saturating_mul(u64::from(size)).min(total);
            let counted = counted(total, &noun);
            if total <= 1 || first > total { counted } else { format!("{first}–{last} of {counted}") }
        }
    };
    view! {
        <nav class="pagination" aria-label=format!("Pages of {}", plural(&noun))>
            <p class="pagination-summary" role="status">{summary}</p>
            {move || {
                (pages.get() > 1).then(|| {
                    view! {
                        <div class="pagination-links">
                            <PageLink query to={page.get().saturating_sub(1)} within={page.get() > 1} label="Previous" />
                            <span class="pagination-page">{format!("Page {} of {}", page.get(), pages.get())}</span>
                            <PageLink query to={page.get() + 1} within={page.get() < pages.get()} label="Next" />
                        </div>
                    }
                })
            }}
        </nav>
    }
}

#[component]
fn PageLink(query: Query, to: u64, within: bool, label: &'static str) -> impl IntoView {
    let href = move || query.href(&[("page", if to > 1 { to.to_string() } else { String::new() })]);
    if within {
        view! { <a class="button button-secondary button-small" href=href>{label}</a> }.into_any()
    } else {
        view! { <span class="button button-secondary button-small is-disabled" aria-hidden="true">{label}</span> }
            .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_without_text_shows_a_dash() {
        assert_eq!([Some("a".to_owned()), Some(String::new()), None].map(or_dash), ["a", "—", "—"]);
    }

    #[test]
    fn a_name_links_to_its_page() {
        let linked = view! { <NameCell label="Name" name="Ada".to_owned() href="users/7".to_owned() /> }.to_html();
        assert!(linked.contains(r#"href="users/7""#), "{linked}");
        let plain = view! { <NameCell label="Group" name="Staff".to_owned() note="cn=staff".to_owned() /> }.to_html();
        assert!(!plain.contains("href") && plain.contains("cn=staff"), "{plain}");
    }

    #[test]
    fn reads_the_order_from_the_url() {
        assert_eq!(order_of("", "name", true), Some(Order::Ascending));
        assert_eq!(order_of("", "name", false), None);
        assert_eq!(order_of("-name", "name", true), Some(Order::Descending));
        assert_eq!(order_of("changed", "name", true), None);
    }
}
