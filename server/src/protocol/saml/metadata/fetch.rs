//! Fetches metadata from an address.

use std::time::Duration;

use thiserror::Error;
use tokio::{task::spawn_blocking, time::Instant};
use url::Url;
use vestibule_app::domain::{saml_metadata::MetadataReport, timestamp::Timestamp};

use super::{MAX_FETCHED_BYTES, MetadataError, MetadataErrorKind, read_bytes};
use crate::protocol::http::{FetchError, Get, OutboundClient};

/// What is asked for; what comes is read whatever it is called, since many servers call it `text/xml` or worse.
const ACCEPT: &str = "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1";

const TIMEOUT: Duration = Duration::from_secs(10);

/// Why no metadata came from an address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MetadataFetchError {
    /// The document could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What was fetched is not usable metadata.
    #[error("the document at {url} is not usable metadata: {error}")]
    Document {
        /// The address that answered, without secrets.
        url: Url,
        /// Whether the server called it a web page.
        is_web_page: bool,
        /// What is wrong with it.
        error: MetadataError,
    },
}

impl MetadataFetchError {
    /// What to do about it, as one or two sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Fetch(error) => error.advice(),
            Self::Document { is_web_page: true, error, .. }
                if !matches!(error.kind, MetadataErrorKind::Recognised(_)) =>
            {
                "This is a web page. Enter the address of the metadata itself.".to_owned()
            }
            Self::Document { error, .. } => error.advice().to_owned(),
        }
    }
}

/// Reads metadata from an address, within ten seconds.
///
/// # Errors
/// The document cannot be fetched, or is not usable metadata.
pub async fn fetch(
    client: &OutboundClient,
    url: &Url,
    verify_tls: bool,
    now: Timestamp,
) -> Result<MetadataReport, MetadataFetchError> {
    fetch_by(client, url, verify_tls, now, Instant::now() + TIMEOUT).await
}

/// [`fetch`] with a deadline of the caller's.
///
/// # Errors
/// As [`fetch`].
pub async fn fetch_by(
    client: &OutboundClient,
    url: &Url,
    verify_tls: bool,
    now: Timestamp,
    deadline: Instant,
) -> Result<MetadataReport, MetadataFetchError> {
    let request = Get { url, verify_tls, max_bytes: MAX_FETCHED_BYTES, deadline };
    let fetched = client.get_document(request, ACCEPT).await?;
    let is_web_page = fetched.content_type.as_deref().is_some_and(|kind| kind.contains("html"));
    let body = fetched.body;
    // Megabytes of XML take a while, in which others want to be served.
    let read = spawn_blocking(move || read_bytes(&body, now)).await;
    let read = read.unwrap_or_else(|_| Err(MetadataErrorKind::Malformed("it cannot be read").nowhere()));
    match read {
        Ok(report) => Ok(MetadataReport { url: Some(url.to_string()), ..report }),
        Err(error) => Err(MetadataFetchError::Document { url: fetched.shown_url, is_web_page, error }),
    }
}
