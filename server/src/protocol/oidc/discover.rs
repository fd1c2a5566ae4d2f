//! Fetches a provider's discovery document and its keys (OpenID Connect Discovery 1.0, section 4).
//!
//! A document that cannot be read is an error, since there is nothing to report. Keys that cannot be read are a finding of the
//! report: they make the provider unusable, and the rest of the report helps to find out why.

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::discovery::{
    DiscoveryReport, DiscoveryTarget, Finding, FindingCode, ProviderMetadata, Severity, validate,
};

use crate::protocol::http::{FetchError, Fetched, Get, OutboundClient};

/// The longest discovery document; the largest known ones are some 10 KiB.
pub(super) const DOCUMENT_LIMIT: usize = 1024 * 1024;

/// The longest key set; a certificate chain per key makes some 10 KiB per key.
pub(super) const JWKS_LIMIT: usize = 256 * 1024;

/// The time for document and keys together.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Reads and judges a provider's discovery document and its keys, within ten seconds in all.
///
/// # Errors
///
/// The document cannot be fetched, or is nothing like a discovery document. A document with faults is a report with
/// findings.
pub async fn discover(
    client: &OutboundClient,
    target: &DiscoveryTarget,
    verify_tls: bool,
) -> Result<DiscoveryReport, DiscoverError> {
    discover_by(client, target, verify_tls, Instant::now() + TIMEOUT).await
}

/// [`discover`] with a deadline of the caller's, who may have other steps to take in the same time.
///
/// # Errors
///
/// As [`discover`].
pub async fn discover_by(
    client: &OutboundClient,
    target: &DiscoveryTarget,
    verify_tls: bool,
    deadline: Instant,
) -> Result<DiscoveryReport, DiscoverError> {
    let document = read_document(client, target, verify_tls, deadline).await?;
    Ok(document.read_keys(client, verify_tls, None, deadline).await)
}

/// A discovery document that was read, before its keys are.
#[derive(Debug, Clone)]
pub struct ReadDocument {
    target: DiscoveryTarget,
    final_url: Url,
    took: Duration,
    metadata: ProviderMetadata,
}

/// Reads a discovery document, the first half of [`discover_by`]: for callers that report each step.
///
/// # Errors
///
/// As [`discover`].
pub async fn read_document(
    client: &OutboundClient,
    target: &DiscoveryTarget,
    verify_tls: bool,
    deadline: Instant,
) -> Result<ReadDocument, DiscoverError> {
    let document = client.get_json(Get { url: &target.url, verify_tls, max_bytes: DOCUMENT_LIMIT, deadline }).await?;
    let metadata = ProviderMetadata::from_value(document.value)
        .map_err(|finding| DiscoverError::Document { url: document.final_url.clone(), finding })?;
    Ok(ReadDocument { target: target.clone(), final_url: document.final_url, took: document.elapsed, metadata })
}

impl ReadDocument {
    /// What the document says.
    #[must_use]
    pub fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    /// What there is to say about the document without its keys.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        validate(&self.target, &self.metadata)
    }

    /// Where the keys are: at `elsewhere` when the document's own address does not count. Nothing when there is no
    /// address that could be asked, which is among the findings already.
    #[must_use]
    pub fn keys_address(&self, elsewhere: Option<&str>) -> Option<Url> {
        elsewhere.or(self.metadata.jwks_uri.as_deref()).and_then(|address| Url::parse(address).ok())
    }

    /// Reads the keys, the second half of [`discover_by`], at [`Self::keys_address`].
    pub async fn read_keys(
        self,
        client: &OutboundClient,
        verify_tls: bool,
        elsewhere: Option<&str>,
        deadline: Instant,
    ) -> DiscoveryReport {
        let address = self.keys_address(elsewhere);
        let Self { target, final_url, took, metadata } = self;
        let key_set = match address {
            None => None,
            Some(url) => Some(client.get_json(Get { url: &url, verify_tls, max_bytes: JWKS_LIMIT, deadline }).await),
        };
        let fetched = key_set.as_ref().and_then(|fetched| fetched.as_ref().ok());
        let took = took + fetched.map_or(Duration::ZERO, |fetched| fetched.elapsed);
        let took = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        let keys = fetched.map(|fetched| &fetched.value);
        let mut report = DiscoveryReport::new(&target, final_url.as_str(), took, metadata, keys);
        if let Some(Err(error)) = &key_set {
            // An error goes in front: findings stand the worst first.
            report.findings.insert(0, unreachable_keys(error));
        }
        report
    }
}

/// Reads a discovery document without judging it, within ten seconds. Keys are not asked for.
///
/// # Errors
///
/// Whatever kept the document from being read.
pub async fn fetch_document(client: &OutboundClient, url: &Url, verify_tls: bool) -> Result<Fetched, FetchError> {
    let deadline = Instant::now() + TIMEOUT;
    client.get_json(Get { url, verify_tls, max_bytes: DOCUMENT_LIMIT, deadline }).await
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DiscoverError {
    /// The document could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What was fetched is no discovery document.
    #[error("the document at {url} is no discovery document: {}", finding.message)]
    Document {
        /// The address that answered.
        url: Url,
        /// What is wrong with it.
        finding: Finding,
    },
}

impl DiscoverError {
    /// What to do about it, as one or two sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Fetch(error) => error.advice(),
            Self::Document { finding, .. } => finding.advice.clone(),
        }
    }
}

fn unreachable_keys(error: &FetchError) -> Finding {
    Finding {
        severity: Severity::Error,
        code: FindingCode::JwksUnreachable,
        member: Some("jwks_uri".to_owned()),
        message: format!("The provider's keys cannot be read: {error}"),
        advice: error.advice(),
    }
}
