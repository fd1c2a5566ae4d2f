//! What the dialects share and no dialect shapes: the caller's address, limits, plain JSON answers, outside addresses.

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use serde::Serialize;
use url::Url;

/// The largest body that a dialect reads, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// Where a request came from, judged by the trusted proxies. An outer middleware sets it as an extension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientAddress(pub Option<IpAddr>);

impl ClientAddress {
    /// The address that the middleware left in the request; unknown when there is none.
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get().copied().unwrap_or_default()
    }
}

/// Names a request in the log and in the answer's `X-Request-ID`. An outer middleware sets it as an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub Arc<str>);

/// The body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyProblem {
    /// It is larger than [`BODY_LIMIT`].
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke.
    Broken,
}

/// Why a body ends early: the server that reads it from the network sets a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request body did not arrive in time")]
pub struct BodyTooSlow;

impl BodyTooSlow {
    /// Whether an error of reading a body comes from the time limit.
    pub fn is_cause_of(error: &(dyn std::error::Error + 'static)) -> bool {
        std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<Self>())
    }
}

/// Reads a request's body as a whole, at most [`BODY_LIMIT`] bytes.
///
/// # Errors
/// [`BodyProblem`], when it is larger or slower than allowed, or the connection breaks.
pub async fn read_body(mut request: Request) -> Result<Bytes, BodyProblem> {
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => BodyProblem::TooLarge,
        _ if BodyTooSlow::is_cause_of(&rejection) => BodyProblem::TooSlow,
        _ => BodyProblem::Broken,
    })
}

/// The media type of a body in small letters and without parameters (RFC 9110, section 8.3.1); empty when none is given.
pub fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

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

    #[tokio::test]
    async fn a_body_over_the_limit_is_told_apart() {
        let read = |length| read_body(Request::new(Body::from(vec![0; length])));
        assert_eq!(read(BODY_LIMIT).await.map(|body| body.len()), Ok(BODY_LIMIT));
        assert_eq!(read(BODY_LIMIT + 1).await, Err(BodyProblem::TooLarge));
    }

    #[test]
    fn the_mount_path_is_part_of_outside_addresses() {
        for base in ["https://apps.example.com/sso", "https://apps.example.com/sso/"] {
            let base = Url::parse(base).unwrap();
            assert_eq!(outside_address(&base, "/api/x/").as_str(), "https://apps.example.com/sso/api/x/");
        }
    }
}
