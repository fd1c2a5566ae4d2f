//! Discovery documents as values: parsing, validating and comparing what an OpenID provider publishes about itself.
//!
//! The server fetches documents. Everything here takes a fetched document, so the same rules apply in tests, in the
//! connection test and in the browser. Documents are untrusted: their problems become [`Finding`]s, never panics.
//!
//! - [`discovery_url`]: the document's address, from what an administrator entered.
//! - [`ProviderMetadata`]: the document, typed.
//! - [`validate`]: the rules of OpenID Connect Discovery 1.0, sections 3 and 4.3.
//! - [`inspect_jwks`]: whether the published keys can verify an ID token.
//! - [`diff`]: what changed since the last discovery.
//! - [`DiscoveryReport`]: all results, as sent to the browser.

mod diff;
mod finding;
mod jwks;
mod metadata;
mod report;
mod url;
mod validate;

pub use self::url::{DiscoveryTarget, DiscoveryUrlError, WELL_KNOWN_PATH, check_discovery_url, discovery_url};
pub use diff::{Change, diff};
pub use finding::{Finding, FindingCode, Severity, UnknownFindingCode};
pub use jwks::{JwksSummary, KeySummary, inspect_jwks};
pub use metadata::ProviderMetadata;
pub use report::DiscoveryReport;
pub use validate::validate;
