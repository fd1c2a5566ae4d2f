//! Discovery documents as values: reading, judging and comparing what an OpenID provider says about itself.
//!
//! Fetching is the server's work. Everything here takes a document that was already fetched, so the same rules judge a
//! provider in tests, in the connection test and in the browser. Problems are [`Finding`]s, never panics: a document
//! comes from a stranger.
//!
//! - [`discovery_url`]: where the document is, from what an administrator typed.
//! - [`ProviderMetadata`]: the document, typed.
//! - [`validate`]: the rules of OpenID Connect Discovery 1.0, sections 3 and 4.3.
//! - [`inspect_jwks`]: whether the published keys can verify an ID token.
//! - [`diff`]: what changed since the last time.
//! - [`DiscoveryReport`]: all of it together, as it travels to the browser.

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
