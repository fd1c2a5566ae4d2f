//! What the portal and the dialects know of a request beside its path: its id, the client's address, and its body.
//!
//! It answers nothing: how a request is refused is the business of [`crate::web`] and of each dialect.

mod body;
mod proxies;

pub(crate) use body::{BodyProblem, BodyTooSlow, media_type, read_body};
pub use proxies::TrustedProxies;

use std::{net::IpAddr, sync::Arc};

use axum::http::request::Parts;

/// The address that a request came from, in front of the trusted proxies. A middleware sets it as an extension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    /// The address that the middleware set; unknown without it.
    pub(crate) fn of(parts: &Parts) -> Self {
        parts.extensions.get().copied().unwrap_or_default()
    }
}

/// Names a request in the log and in the answer's `X-Request-ID`. A middleware sets it as an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) Arc<str>);
