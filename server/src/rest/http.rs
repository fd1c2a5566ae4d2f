//! What the dialects share and no dialect shapes: plain JSON answers and addresses as the outside world sees them.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;
use url::Url;

/// An answer with a JSON body. It must not be kept by caches: most of what the dialects say depends on the caller.
pub fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Response {
    let (status, body) = match serde_json::to_vec(value) {
        Ok(body) => (status, body),
        Err(error) => {
            tracing::error!(%error, "could not write an answer as JSON");
            (StatusCode::INTERNAL_SERVER_ERROR, b"{}".to_vec())
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The path under which the outside world finds `path`.
pub fn outside_path(base: &Url, path: &str) -> String {
    format!("{}{path}", base.path().trim_end_matches('/'))
}

/// The whole address under which the outside world finds `path`, without a query.
pub fn outside_address(base: &Url, path: &str) -> Url {
    let mut address = base.clone();
    address.set_query(None);
    address.set_fragment(None);
    address.set_path(&outside_path(base, path));
    address
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn the_mount_path_is_part_of_outside_addresses() {
        for base in ["https://apps.example.com/sso", "https://apps.example.com/sso/"] {
            let base = Url::parse(base).unwrap();
            assert_eq!(outside_address(&base, "/api/x/").as_str(), "https://apps.example.com/sso/api/x/");
        }
    }
}
