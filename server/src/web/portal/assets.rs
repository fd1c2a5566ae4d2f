//! Serves the embedded files of the portal. Their names carry a hash of their content, so that browsers keep them
//! without another request.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};

use super::{
    files::{self, Asset, INDEX},
    index::Index,
};

/// Serves a file of the portal, or the index for every address of a page.
pub(super) async fn serve(State(index): State<Arc<Index>>, uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().trim_start_matches('/');
    if name != INDEX
        && let Some(asset) = files::find(name)
    {
        return answer(asset, &headers);
    }
    // A missing script must not look like a page: the browser would report a syntax error in HTML.
    let looks_like_a_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if looks_like_a_file || is_no_page(name) { not_found() } else { index.answer(&headers) }
}

/// Refuses methods other than GET and HEAD. Paths of APIs that are switched off are not found by any method.
pub(super) async fn refuse_method(uri: Uri) -> Response {
    if is_no_page(uri.path().trim_start_matches('/')) {
        return not_found();
    }
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET,HEAD")]).into_response()
}

/// Whether the path belongs to something other than pages: APIs, and metrics where the host did not mount them.
fn is_no_page(name: &str) -> bool {
    let first = name.split('/').next().unwrap_or_default();
    ["api", "callback", "saml", "_ui", "metrics"].contains(&first)
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}

fn answer(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let (encoding, bytes) = choose(asset, headers);
    let mut response = Response::new(Body::from(bytes));
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form that the client accepts. An encoding with quality 0 is refused (RFC 9110, section 12.5.3). Parsed here:
/// the crate `headers` has no `Accept-Encoding`.
fn choose(asset: &'static Asset, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| {
        accepted.split(',').any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
            named && !refused
        })
    };
    if takes("br") {
        (Some("br"), asset.brotli)
    } else if takes("gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ASSET: Asset = Asset::new("a.js", "text/javascript", b"b", b"g");

    fn chosen(accept: &'static str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accept));
        choose(&ASSET, &headers).0
    }

    #[test]
    fn the_smallest_accepted_form_is_chosen() {
        assert_eq!(chosen("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(chosen("gzip;q=1.0, br;q=0"), Some("gzip"));
        assert_eq!(chosen("identity"), None);
    }
}
