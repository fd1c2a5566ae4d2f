//! The server functions that the portal calls: get the caller, call one service method, convert.
//!
//! They live below [`PREFIX`], away from the dialects' `/api`. Every function names its endpoint, since generated
//! names would depend on the folder the crate was built in. They are a public interface: permission is decided in the
//! services, never in a page.

#![expect(missing_docs, reason = "`#[server]` generates an argument struct without documentation for each function")]

pub mod administrators;
pub mod assignments;
pub mod audit;
pub mod connection_tests;
#[cfg(feature = "ssr")]
mod context;
pub mod directories;
pub mod discovery;
pub mod display;
pub mod error;
pub mod groups;
mod protocol;
pub mod providers;
pub mod saml;
pub mod session;
pub mod set_up;
pub mod slugs;
pub mod syncs;
pub mod table;
pub mod tenants;
pub mod tokens;
#[cfg(any(feature = "csr", test))]
mod tree;
pub mod users;
pub mod wire;

#[cfg(feature = "ssr")]
pub use context::{CallContext, CookieWriter};
pub use error::ApiError;
pub use protocol::JsonPost;

/// What every server function's path begins with, below the mount path.
pub const PREFIX: &str = "/_ui/fn";
