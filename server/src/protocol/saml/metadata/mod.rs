//! SAML metadata (SAML 2.0 Metadata): what a document says of the identity providers in it, and the document that says
//! what Vestibule is.
//!
//! Reading is one pass over the document, no tree in memory. There are no DTDs, no entities beyond the five of XML and character
//! references, and limits on everything that can be long. A signature is noticed and not verified: a document is trusted
//! because of where an administrator got it from.

mod error;
mod fetch;
mod key;
mod limits;
mod moment;
mod names;
mod provider;
mod walk;
mod warnings;
mod write;
mod xml;

pub use error::{DocumentPosition, MetadataError, MetadataErrorKind, NoProviderCause};
pub use fetch::{MetadataFetchError, fetch, fetch_by};
pub use limits::{MAX_FETCHED_BYTES, MAX_PASTED_BYTES, MAX_PROVIDERS};
pub use names::{BINDING_POST, BINDING_REDIRECT, is_known_name_id_format};
pub use write::{ServiceProvider, write};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_app::domain::{saml_metadata::MetadataReport, timestamp::Timestamp};

use crate::protocol::recognise::Recognised;

/// Reads a document that was fetched.
///
/// # Errors
/// The first thing that makes it unusable, with its place.
pub fn read_bytes(document: &[u8], now: Timestamp) -> Result<MetadataReport, MetadataError> {
    if document.len() > MAX_FETCHED_BYTES {
        return Err(MetadataErrorKind::TooLarge { limit: MAX_FETCHED_BYTES }.nowhere());
    }
    let text = xml::decode(document)?;
    let read = walk::walk(xml::Guarded::over(text, xml::Declared::MustBeUtf8), now);
    read.map_err(|error| recognised(text).unwrap_or(error))
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
    // What browsers make of a file in UTF-16 when they read it as UTF-8.
    if document.starts_with("\u{fffd}\u{fffd}") || document.chars().take(4).any(|letter| letter == '\0') {
        return Err(MetadataErrorKind::WideEncoding.nowhere());
    }
    let read = walk::walk(xml::Guarded::over(document, xml::Declared::IsIgnored), now);
    read.or_else(|error| match in_base64(document) {
        Some(inner) => read_bytes(&inner, now),
        None => Err(recognised(document).unwrap_or(error)),
    })
}

/// A document that is something else than XML with a fault in it. What it is helps more than where a reader of XML
/// stumbled over it.
fn recognised(document: &str) -> Option<MetadataError> {
    match Recognised::of(document)? {
        Recognised::SamlMetadata | Recognised::Xml => None,
        other => Some(MetadataErrorKind::Recognised(other).nowhere()),
    }
}

/// XML that was encoded as base64, as some products' interfaces give it out.
fn in_base64(document: &str) -> Option<Vec<u8>> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte) || byte.is_ascii_whitespace();
    if !document.bytes().all(is_base64) {
        return None;
    }
    let plain: String = document.split_ascii_whitespace().collect();
    STANDARD.decode(plain).ok().filter(|inner| inner.trim_ascii_start().starts_with(b"<"))
}
