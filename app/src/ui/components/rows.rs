//! Tables, lists of facts and remarks, drawn from data by one copy of the code.

use leptos::prelude::*;

use super::{
    Callout, DataView, Detail, DetailList, EmptyState, FilteredEmpty, Pagination, RelativeTime, StatusBadge, Table,
    Tone,
};
use crate::{
    api::{
        display::DisplayRow,
        table::{Listed, list_rows},
    },
    domain::{
        connection::StepStatus,
        page::{Page, PageRequest},
        words::plural,
    },
    ui::state::{Load, use_load, use_query},
};

/// What a column shows of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnContent {
    /// The name with its note. With a path, the name links to that path followed by the row's id.
    Name(Option<String>),
    /// The status, as a badge.
    State,
    /// One of its texts.
    Text(usize),
    /// Its moment.
    Time,
    /// Its duration.
    Duration,
}

/// A column: its heading and what it shows.
pub type Column = (&'static str, ColumnContent);

/// A list that the server pages.
pub struct Listing {
    /// What is listed, in the singular: "user".
    pub noun: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// How many rows a page has.
    pub size: u32,
    /// The empty state: a title, and a line about what belongs here.
    pub empty: (&'static str, &'static str),
    /// The query keys of its filters.
    pub filters: &'static [&'static str],
}

/// Loads a page of a list, and loads it again when a signal changes that the closure reads. The closure returns the
/// list and the number of the page.
pub fn load_rows(size: u32, of: Box<dyn Fn() -> (Listed, u64)>) -> Load<Page<DisplayRow>> {
    use_load(move || {
        let (of, page) = of();
        list_rows(of, PageRequest::numbered(page, size))
    })
}

/// Draws a list in all its states: loading, empty, empty after filtering, failed, and the table with its pages.
pub fn listing(rows: Load<Page<DisplayRow>>, listing: Listing) -> AnyView {
    let query = use_query();
    let Listing { noun, columns, size, empty, filters } = listing;
    let clear =
        Callback::new(move |()| query.set(&filters.iter().map(|key| (*key, String::new())).collect::<Vec<_>>()));
    let draw = move |page: Page<DisplayRow>| {
        if page.total > 0 {
            return view! {
                {table(plural(noun), &columns, page.items)}
                <Pagination total=page.total size noun />
            }
            .into_any();
        }
        if filters.iter().any(|key| !query.get(key).is_empty()) {
            view! { <FilteredEmpty noun search=query.get("q") on_clear=clear /> }.into_any()
        } else {
            view! { <EmptyState title=empty.0 text=empty.1 /> }.into_any()
        }
    };
    view! { <DataView resource=rows skeleton=6 let:page>{draw(page)}</DataView> }.into_any()
}

/// A table of rows. The caption is for assistive technology.
pub fn table(caption: impl Into<String>, columns: &[Column], rows: Vec<DisplayRow>) -> AnyView {
    let heads = columns.iter().map(|(label, _)| view! { <th scope="col">{*label}</th> }).collect_view();
    let rows = rows
        .iter()
        .map(|row| view! { <tr>{columns.iter().map(|column| cell(column, row)).collect_view()}</tr> })
        .collect_view();
    view! {
        <Table caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn cell((label, shows): &Column, row: &DisplayRow) -> AnyView {
    let (class, content) = match shows {
        ColumnContent::Name(address) => {
            let name = row.name.clone();
            let name = match address {
                Some(address) => view! { <a href=format!("{address}{}", row.id)>{name}</a> }.into_any(),
                None => view! { <span>{name}</span> }.into_any(),
            };
            return view! {
                <th scope="row" class="row-name" data-label=*label>{name} <span class="row-note">{row.note.clone()}</span></th>
            }
            .into_any();
        }
        ColumnContent::State => {
            ("", view! { <StatusBadge tone=status_tone(row.state) label=row.label.clone() /> }.into_any())
        }
        ColumnContent::Text(index) => {
            let text = row.texts.get(*index).filter(|text| !text.is_empty());
            ("cell-words", text.cloned().unwrap_or_else(|| "—".to_owned()).into_any())
        }
        ColumnContent::Time => ("cell-time", moment(row)),
        ColumnContent::Duration => ("cell-time", row.ms.map(duration).unwrap_or_default().into_any()),
    };
    view! { <td class=class data-label=*label>{content}</td> }.into_any()
}

fn moment(row: &DisplayRow) -> AnyView {
    match row.at {
        Some(at) => view! { <RelativeTime at /> }.into_any(),
        None => "—".into_any(),
    }
}

/// The tone of a status.
pub const fn status_tone(state: Option<StepStatus>) -> Tone {
    match state {
        None => Tone::Neutral,
        Some(StepStatus::Ok) => Tone::Success,
        Some(StepStatus::Warning) => Tone::Warning,
        Some(StepStatus::Failed) => Tone::Danger,
    }
}

/// A duration in milliseconds, seconds with one decimal, or minutes and seconds.
pub fn duration(ms: u32) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms / 1000 % 60),
    }
}

/// Facts: names with a badge, a text or a moment. A fact whose name is in `addresses` links to that address followed by
/// its id.
pub fn facts(rows: Vec<DisplayRow>, addresses: &[(&str, String)]) -> AnyView {
    let fact = |row: DisplayRow| {
        let text = row.texts.first().cloned().map_or_else(|| moment(&row), IntoAny::into_any);
        let text = match addresses.iter().find(|(name, _)| *name == row.name) {
            Some((_, address)) => view! { <a href=format!("{address}{}", row.id)>{text}</a> }.into_any(),
            None => text,
        };
        let badge =
            (!row.label.is_empty()).then(|| view! { <StatusBadge tone=status_tone(row.state) label=row.label /> });
        view! { <Detail label=row.name><span class="badges">{badge} {text}</span></Detail> }.into_any()
    };
    let facts = rows.into_iter().map(fact).collect_view();
    view! { <DetailList>{facts}</DetailList> }.into_any()
}

/// Remarks: titles with sentences.
pub fn remarks(rows: Vec<DisplayRow>) -> AnyView {
    let remark = |row: DisplayRow| {
        let sentences = row.texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
        let tone = if row.state.is_none() { Tone::Info } else { status_tone(row.state) };
        view! { <Callout tone title=row.name>{sentences}</Callout> }
    };
    rows.into_iter().map(remark).collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_told_in_larger_units() {
        assert_eq!([7, 999, 1250, 61_000].map(duration), ["7 ms", "999 ms", "1.2 s", "1 min 1 s"]);
    }

    #[test]
    fn cells_show_what_their_column_says() {
        let row = DisplayRow {
            id: "7".to_owned(),
            name: "Ada".to_owned(),
            texts: vec![String::new()],
            ..DisplayRow::default()
        };
        let name = ("Name", ColumnContent::Name(Some("users/".to_owned())));
        let html = [name, ("Email", ColumnContent::Text(0)), ("Seen", ColumnContent::Time)]
            .map(|column| cell(&column, &row).to_html());
        assert!(html[0].contains("href=\"users/7\""), "{}", html[0]);
        assert!(html[1].contains('—') && html[2].contains('—'), "{html:?}");
    }
}
