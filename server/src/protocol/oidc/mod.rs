//! OpenID Connect: reading what a provider says about itself.
//!
//! What a document means is decided by `vestibule_app::domain::discovery`; this module only brings the documents.

mod discover;
mod keys;

pub use discover::{DiscoverError, discover, discover_by, fetch_document};
pub use keys::{KeysError, fetch_keys};
