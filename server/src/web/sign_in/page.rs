//! The pages of signing in: small, usable without scripts, in light and dark.

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::sync::LazyLock;
use time::macros::format_description;
use vestibule_app::service::TraceReference;

pub(super) const STYLE: &str = include_str!("page.css");

/// Posts the page's form at once. Not by `form.submit()`, which a field named `submit` would replace.
const SUBMIT: &str = "HTMLFormElement.prototype.submit.call(document.forms[0])";

/// The style by its hash, and nothing else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(STYLE)
    );
    HeaderValue::from_str(&policy).expect("a hash is base64")
});

/// The style by its hash, and forms to this site.
static FORM_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src {}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        hash(STYLE)
    );
    HeaderValue::from_str(&policy).expect("a hash is base64")
});

/// Lets the forms of a page go to this site.
pub(super) fn with_form(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, FORM_POLICY.clone());
    response
}

/// The policy of a page that posts to this site, and is redirected to `landing` afterwards: Chromium applies `form-action`
/// to redirects too.
fn posting_policy(landing: Option<&str>) -> Option<HeaderValue> {
    let landing = landing.map(|origin| format!(" {origin}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'self'{landing}; \
         frame-ancestors 'none'",
        hash(STYLE),
        hash(SUBMIT)
    );
    HeaderValue::from_str(&policy).ok()
}

fn hash(source: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, source.as_bytes())))
}

/// Asks whether the person signs in to another tenant than the one of the session in this browser.
pub(super) fn confirm(current: &str, wanted: &str, address: &str) -> Response {
    let body = html! {
        h1 { "Sign in to " (wanted) "?" }
        p { "You are signed in to " strong { (current) } ". When you sign in to " strong { (wanted) } ", that session ends." }
        p { "If you did not want to sign in, close this page." }
        a.choice href=(address) { "Sign in to " (wanted) }
    };
    document(StatusCode::OK, "Sign in to another organisation", body)
}

/// A sign-in that ended without a session. `again` is where it begins again.
pub(super) fn failure(trace: &TraceReference, again: Option<&str>) -> Response {
    let body = html! {
        h1 { "You are not signed in" }
        p { "Signing in did not work. Your administrator finds the reason under this reference:" }
        (shown(trace))
        @if let Some(again) = again {
            a.choice href=(again) { "Try again" }
        }
    };
    document(StatusCode::FORBIDDEN, "You are not signed in", body)
}

/// The end of a test sign-in. What it found out is not for everyone who sees this page.
pub(super) fn tested(trace: &TraceReference) -> Response {
    let body = html! {
        h1 { "The test is over" }
        p { "Nobody was signed in, and nothing was changed. Close this window, and read the result under this reference:" }
        (shown(trace))
    };
    document(StatusCode::OK, "The test is over", body)
}

/// A sign-in that cannot go on, with the reference under which administrators find the reason.
pub(super) fn refused(status: StatusCode, message: &str, trace: &TraceReference) -> Response {
    let body = html! {
        h1 { "Signing in is not possible" }
        p { (message) }
        p { "Your administrator finds the reason under this reference:" }
        (shown(trace))
    };
    document(status, "Signing in is not possible", body)
}

/// A reference and its time, for telling an administrator.
fn shown(trace: &TraceReference) -> Markup {
    let TraceReference { reference, at } = trace;
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    let time = at.utc().format(format).expect("every part of the format is known");
    html! {
        p.reference { (reference) }
        p { (time) }
    }
}

/// Posts a callback again, from this site to this site. `landing` is the origin that the browser goes to afterwards.
pub(super) fn post_again(action: &str, landing: Option<&str>, parameters: &[(String, String)]) -> Response {
    let body = html! {
        h1 { "Signing in" }
        p { "If this page stays, choose Continue." }
        form method="post" action=(action) {
            @for (name, value) in parameters {
                input type="hidden" name=(name) value=(value);
            }
            button.choice { "Continue" }
        }
        script { (PreEscaped(SUBMIT)) }
    };
    let mut response = document(StatusCode::OK, "Signing in", body);
    if let Some(policy) = posting_policy(landing) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A request that cannot be served.
pub(super) fn problem(status: StatusCode, message: &str) -> Response {
    let body = html! {
        h1 { "Signing in is not possible" }
        p { (message) }
    };
    document(status, "Signing in is not possible", body)
}

pub(super) fn document(status: StatusCode, title: &str, body: Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    let html = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    with_headers((status, html, page.into_string()).into_response())
}

/// The security headers of every response about signing in.
pub(super) fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
