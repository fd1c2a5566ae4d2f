//! The guarded outbound HTTP client, the only user of `reqwest`.
//!
//! Customers enter the addresses of providers, so each request could be an attempt to reach the operator's own network. An
//! [`OutboundPolicy`] says which addresses may be called, the resolver connects only to addresses that the policy accepted, and
//! [`OutboundClient`] limits redirects, sizes and time. It reads no environment, uses no proxy, keeps no cookies and sends no
//! credentials.

mod address;
mod client;
mod diagnose;
mod entry;
mod error;
mod policy;
mod post;
mod redact;
mod refusal;
mod resolver;
mod stack;
mod tls;

pub use address::AddressClass;
pub use client::{Document, Fetched, Get, InvalidRoots, OutboundClient};
pub use error::{FetchError, FetchErrorKind, Phase, RedirectFault};
pub use policy::OutboundPolicy;
pub(crate) use post::{Answered, Exchange};
pub use refusal::{Refusal, UrlFault, UrlRejection};
pub use resolver::{Lookup, ResolveError, SystemLookup, resolve};
