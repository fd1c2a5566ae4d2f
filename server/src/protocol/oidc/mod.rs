//! OpenID Connect: fetches the documents that a provider publishes.
//!
//! `vestibule_app::domain::discovery` decides what a document means.

mod authentication_response;
mod authorize;
mod client;
mod discover;
mod exchange;
mod id_token;
mod issuers;
mod keys;
mod relying_party;
mod userinfo;

pub use discover::{DiscoverError, ReadDocument, discover, discover_by, fetch_document, read_document};
pub use keys::{KeysError, fetch_keys};
pub(crate) use relying_party::RelyingParty;
