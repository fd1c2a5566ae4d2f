//! Allowed redirect origins and email domains.

use leptos::prelude::*;

use super::forms::lists::{check_domain, check_origin};
use crate::{
    api::ApiError,
    ui::components::{Callout, FormErrors, ListEditor, Tone},
};

/// The two lists, with what happens while one is empty. Once the form was submitted, problems are shown at their rows;
/// before that, a line below the list shows them while typing.
#[component]
pub fn AccessLists(
    /// Origins that users may be sent back to.
    redirects: RwSignal<Vec<String>>,
    /// Email domains.
    domains: RwSignal<Vec<String>>,
) -> impl IntoView {
    let has_redirects = Memo::new(move |_| redirects.with(|rows| rows.iter().any(|row| !row.trim().is_empty())));
    view! {
        <ListEditor
            label="Allowed redirect origins"
            name="allowed_redirects"
            value=redirects
            item="origin"
            placeholder="https://app.example.com"
            help="Scheme, host and port of applications to which users may return after signing in. HTTPS is required, except on localhost."
        />
        <RowHints rows=redirects name="allowed_redirects" check=check_origin noun="Origin" />
        <Show when=move || !has_redirects.get()>
            <Callout tone=Tone::Info title="No origins yet.">
                <p>"After signing in, users are sent to the server's default address."</p>
            </Callout>
        </Show>
        <ListEditor
            label="Allowed email domains"
            name="allowed_domains"
            value=domains
            item="domain"
            placeholder="example.com"
            help="Only users with an email address in one of these domains may sign in. Enter *.example.com for its subdomains."
            empty="Users of every email domain may sign in."
        />
        <RowHints rows=domains name="allowed_domains" check=check_domain noun="Domain" />
    }
}

/// The problems of rows while they are being typed.
#[component]
fn RowHints(
    /// The rows.
    rows: RwSignal<Vec<String>>,
    /// The field's name in the domain.
    name: &'static str,
    /// Checks a row.
    check: fn(&str) -> Option<String>,
    /// A row as a noun.
    noun: &'static str,
) -> impl IntoView {
    let reported = use_context::<FormErrors>();
    // Rows with a problem of the form show it themselves.
    let is_reported = move |index: usize| {
        let field = format!("{name}.{index}");
        let concerns = |error: &ApiError| error.problems().iter().any(|problem| problem.field == field);
        reported.is_some_and(|FormErrors(error)| error.with(|error| error.as_ref().is_some_and(concerns)))
    };
    let hints = Memo::new(move |_| {
        let hint = |(index, row): (usize, &String)| {
            check(row).filter(|_| !is_reported(index)).map(|text| format!("{noun} {}: {text}", index + 1))
        };
        rows.with(|rows| rows.iter().enumerate().filter_map(hint).collect::<Vec<_>>())
    });
    view! {
        <ul class="row-hints" aria-live="polite">
            {move || hints.get().into_iter().map(|hint| view! { <li>{hint}</li> }).collect_view()}
        </ul>
    }
}
