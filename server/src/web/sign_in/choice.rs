//! The page on which a person chooses a provider: under 15 kB, also where there are many.

use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};
use vestibule_app::service::{ProviderChoice, SignInRequest};

use super::{page, query};

/// The most bytes that the page has, but for [`LEAST`].
const MOST_BYTES: usize = 15_000;
/// What surrounds style, form and list, in bytes.
const FRAME: usize = 1_500;
/// So many providers are shown however long their addresses are.
const LEAST: usize = 5;

/// The page. Of many providers it shows as many as fit, and finds the others by name.
pub(super) fn page(
    mount: &str,
    tenant: &str,
    (providers, is_complete): (&[ProviderChoice], bool),
    request: &SignInRequest,
) -> Response {
    let unsearched = SignInRequest { search: None, ..request.clone() };
    let items: Vec<_> = providers.iter().map(|provider| item(mount, provider, &unsearched).into_string()).collect();
    let form = search(mount, &unsearched, request.search.as_deref()).into_string();
    let room = MOST_BYTES.saturating_sub(page::STYLE.len() + FRAME + tenant.len());
    let all: usize = items.iter().map(String::len).sum();
    let is_short = is_complete && all <= room;
    let shown = if is_short { items.len() } else { fitting(&items, room.saturating_sub(form.len())) };
    let has_form = request.search.is_some() || !is_short;
    let body = html! {
        h1 { "Sign in" }
        p { "Choose how to sign in to " strong { (tenant) } "." }
        @if has_form { (maud::PreEscaped(&form)) }
        @if let (Some(name), true) = (&request.search, items.is_empty()) {
            p { "No name contains “" (name) "”." }
        }
        @if shown < items.len() || !is_complete {
            p { "These are not all. Search for a part of the name." }
        }
        ul { @for item in &items[..shown] { (maud::PreEscaped(item)) } }
    };
    let response = page::document(StatusCode::OK, "Sign in", body);
    if has_form { page::with_form(response) } else { response }
}

/// Asks a person to prove an account that exists already. Nothing of the account is shown but the providers it is linked to.
pub(super) fn proof(mount: &str, provider: &str, providers: &[ProviderChoice], request: &SignInRequest) -> Response {
    let body = html! {
        h1 { "Is this your account?" }
        p { "You signed in with " strong { (provider) } ". An account with the same email address exists already." }
        p {
            "To use that account with " strong { (provider) } " from now on, sign in to it the way you did before. \
             If you did not want this, close the page."
        }
        ul { @for provider in providers { (item(mount, provider, request)) } }
    };
    page::document(StatusCode::OK, "Is this your account?", body)
}

fn item(mount: &str, provider: &ProviderChoice, request: &SignInRequest) -> Markup {
    let chosen = SignInRequest { provider: Some(provider.slug.clone()), ..request.clone() };
    html! { li { a.choice href={ (mount) "/login?" (query::write(&chosen)) } { (provider.label) } } }
}

fn search(mount: &str, request: &SignInRequest, searched: Option<&str>) -> Markup {
    html! {
        form action={ (mount) "/login" } role="search" {
            @for (name, value) in query::pairs(request) {
                input type="hidden" name=(name) value=(value);
            }
            label for="search" { "Name" }
            input #search type="search" name="search" maxlength="300" value=[searched];
            button.choice { "Search" }
        }
    }
}

/// How many items fit.
fn fitting(items: &[String], room: usize) -> usize {
    let mut used = 0;
    let fits = items.iter().take_while(|item| {
        used += item.len();
        used <= room
    });
    fits.count().max(LEAST).min(items.len())
}
