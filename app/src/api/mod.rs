//! The server functions of the portal: each gets the context, calls one service method and converts the result.
//!
//! They are below [`PREFIX`], apart from the dialects' `/api`. Every function names its endpoint, since generated names
//! would depend on the folder that the crate was built in. They are a public interface: the services check permissions,
//! never a page.

#![expect(missing_docs, reason = "`#[server]` generates an argument struct without documentation for each function")]

pub mod administrators;
pub mod assignments;
pub mod audit;
pub mod connection_tests;
#[cfg(feature = "ssr")]
mod context;
pub mod directories;
pub mod discovery;
pub mod error;
pub mod groups;
#[cfg(feature = "csr")]
mod lines;
pub mod provider_form;
pub mod providers;
pub mod saml;
pub mod session;
pub mod set_up;
pub mod sign_ins;
pub mod slugs;
pub mod syncs;
pub mod tenants;
pub mod tokens;
pub mod users;
pub mod wire;

#[cfg(feature = "ssr")]
pub use context::{CallContext, CookieWriter};
pub use error::ApiError;

/// The protocol of every server function: a `POST` of JSON, answered with JSON.
///
/// `#[server(prefix = "/_ui/fn", endpoint = …, protocol = JsonPost)]`
pub type JsonPost = server_fn::Http<server_fn::codec::Json, server_fn::codec::Json>;

/// The prefix of every server function's path, below the mount path.
pub const PREFIX: &str = "/_ui/fn";
