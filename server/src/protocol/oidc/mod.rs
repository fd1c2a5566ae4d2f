//! OpenID Connect: fetches the documents that a provider publishes.
//!
//! `vestibule_app::domain::discovery` decides what a document means.

mod discover;
mod keys;

pub use discover::{DiscoverError, ReadDocument, discover, discover_by, fetch_document, read_document};
pub use keys::{KeysError, fetch_keys};
