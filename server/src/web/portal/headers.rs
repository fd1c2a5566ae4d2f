//! Security headers of every answer of the portal.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header::CACHE_CONTROL},
    middleware::Next,
    response::Response,
};

use super::index::Index;

/// Headers for all pages and files.
#[derive(Clone)]
pub(super) struct PageHeaders {
    content_security_policy: HeaderValue,
}

impl PageHeaders {
    /// The policy allows embedded files and nothing from elsewhere. Inline scripts go by their hash: a nonce would be
    /// wrong in the copy that the browser keeps under its ETag.
    pub(super) fn new(index: &Index) -> Self {
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {}; style-src 'self'; img-src 'self' data:; \
             connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
            index.script_hashes.join(" ")
        );
        let content_security_policy = HeaderValue::from_str(&policy).expect("hashes are base64");
        Self { content_security_policy }
    }
}

pub(super) async fn add(State(headers): State<PageHeaders>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let answer = response.headers_mut();
    answer.insert(HeaderName::from_static("content-security-policy"), headers.content_security_policy);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ] {
        answer.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
