//! The body of a request: its media type, and the whole of it within limits.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};

/// The largest body that a dialect reads, in bytes.
const BODY_LIMIT: usize = 256 * 1024;

/// The body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyProblem {
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
pub(crate) struct BodyTooSlow;

impl BodyTooSlow {
    /// Whether an error of reading a body comes from the time limit.
    pub(crate) fn is_cause_of(error: &(dyn std::error::Error + 'static)) -> bool {
        std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<Self>())
    }
}

/// Reads a request's body as a whole, at most [`BODY_LIMIT`] bytes.
///
/// # Errors
/// [`BodyProblem`], when it is larger or slower than allowed, or the connection breaks.
pub(crate) async fn read_body(mut request: Request) -> Result<Bytes, BodyProblem> {
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => BodyProblem::TooLarge,
        _ if BodyTooSlow::is_cause_of(&rejection) => BodyProblem::TooSlow,
        _ => BodyProblem::Broken,
    })
}

/// The media type of a body in small letters and without parameters (RFC 9110, section 8.3.1); empty when none is given.
/// Parsed here: `ContentType` of the crate `headers` rejects the whole value for a malformed parameter, and parameters are
/// ignored.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[tokio::test]
    async fn a_body_over_the_limit_is_too_large() {
        let read = |length| read_body(Request::new(Body::from(vec![0; length])));
        assert_eq!(read(BODY_LIMIT).await.map(|body| body.len()), Ok(BODY_LIMIT));
        assert_eq!(read(BODY_LIMIT + 1).await, Err(BodyProblem::TooLarge));
    }
}
