//! The protocols of identity providers, and the guarded HTTP client that they share.
//!
//! Every request goes through [`http::OutboundClient`] or to an address that the same policy accepted. Nothing here knows the
//! database, routes or pages; callers pass values and get values back.

pub mod http;
pub mod ldap;
pub mod oidc;
pub mod recognise;
pub(crate) mod recorder;
pub mod saml;
pub(crate) mod sign_in;
mod unverified;
