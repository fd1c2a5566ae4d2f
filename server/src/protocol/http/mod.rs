//! The guarded outbound HTTP client: the only place of the product that names `reqwest`.
//!
//! Addresses of providers are typed in by customers, so each request could be an attempt to reach into the operator's
//! own network. An [`OutboundPolicy`] says which addresses are fit, the resolver connects to exactly the addresses it
//! has judged, and [`OutboundClient`] bounds redirects, sizes and time. It reads no environment, uses no proxy, keeps
//! no cookies and sends no credentials.

mod address;
mod client;
mod diagnose;
mod entry;
mod error;
mod policy;
mod redact;
mod refusal;
mod resolver;
mod stack;
mod tls;

pub use address::AddressClass;
pub use client::{Document, Fetched, Get, InvalidRoots, OutboundClient};
pub use entry::OutboundPolicyError;
pub use error::{FetchError, FetchErrorKind, Phase, RedirectFault};
pub use policy::OutboundPolicy;
pub use refusal::{Refusal, UrlFault, UrlRejection};
pub use resolver::{Lookup, ResolveError, SystemLookup, resolve};
