//! OpenID Connect: reading what a provider says about itself.
//!
//! What a document means is decided by `vestibule_app::domain::discovery`; this module only brings the documents.

mod discover;
mod keys;

pub use discover::{DiscoverError, ReadDocument, discover, discover_by, fetch_document, read_document};
pub use keys::{KeysError, fetch_keys};
