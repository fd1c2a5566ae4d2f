//! What the portal and the dialects know of a request beside its path: its id, the client's address, and its body.
//!
//! It answers nothing: how a request is refused is the business of [`crate::web`] and of each dialect.

mod body;
mod proxies;

pub(crate) use body::{BodyProblem, BodyTooSlow, media_type, read_body};
pub use proxies::TrustedProxies;

use std::{net::IpAddr, sync::Arc};

use axum::http::request::Parts;

/// Where a request came from, judged by the trusted proxies. An outer middleware sets it as an extension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    /// The address that the middleware left in the request; unknown when there is none.
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get().copied().unwrap_or_default()
    }
}

/// Names a request in the log and in the answer's `X-Request-ID`. An outer middleware sets it as an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) Arc<str>);
