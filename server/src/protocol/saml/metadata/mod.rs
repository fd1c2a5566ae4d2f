//! SAML metadata (SAML 2.0 Metadata): what a document says of the identity providers in it, and the document that says
//! what this side is.
//!
//! Reading is one pass over the document, no tree in memory. There are no DTDs, no entities beyond the five of XML and character
//! references, and limits on everything that can be long. A signature is noticed and not verified: a document is trusted
//! because of where an administrator got it from.

mod error;
mod fetch;
mod moment;
mod names;
mod provider;
mod walk;
mod write;
mod xml;

pub use error::{MetadataError, MetadataErrorKind, Place};
pub use fetch::{MetadataFetchError, fetch, fetch_by};
pub use names::{BINDING_POST, BINDING_REDIRECT, is_known_name_id_format};
pub use write::{ServiceProvider, write};

use vestibule_app::domain::{saml_metadata::MetadataReport, timestamp::Timestamp};

/// The longest document that is read from an address: aggregates of some hundred entities.
pub const MAX_FETCHED_BYTES: usize = 8 * 1024 * 1024;

/// The longest document that is pasted or uploaded: one provider has some 10 KiB.
pub const MAX_PASTED_BYTES: usize = 1024 * 1024;

/// How many identity providers of one document are told.
pub const MAX_PROVIDERS: usize = 500;

/// Reads a document that was fetched.
///
/// # Errors
/// The first thing that makes it unusable, with its place.
pub fn read_bytes(document: &[u8], now: Timestamp) -> Result<MetadataReport, MetadataError> {
    if document.len() > MAX_FETCHED_BYTES {
        return Err(MetadataErrorKind::TooLarge { limit: MAX_FETCHED_BYTES }.nowhere());
    }
    walk::walk(xml::Guarded::over(xml::decode(document)?, xml::Declared::MustBeUtf8), now)
}

/// Reads a document that was pasted or uploaded: it is text already, whatever encoding it declares.
///
/// # Errors
/// The first thing that makes it unusable, with its place.
pub fn read_text(document: &str, now: Timestamp) -> Result<MetadataReport, MetadataError> {
    if document.len() > MAX_PASTED_BYTES {
        return Err(MetadataErrorKind::TooLarge { limit: MAX_PASTED_BYTES }.nowhere());
    }
    let document = document.strip_prefix('\u{feff}').unwrap_or(document);
    walk::walk(xml::Guarded::over(document, xml::Declared::IsIgnored), now)
}
