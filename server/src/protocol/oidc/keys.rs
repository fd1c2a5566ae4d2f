//! Fetches the keys with which an issuer signs its tokens (RFC 7517), for checking tokens that callers bring.

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;
use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::discovery::WELL_KNOWN_PATH;

use super::discover::{DOCUMENT_LIMIT, JWKS_LIMIT};
use crate::protocol::http::{FetchError, Get, OutboundClient};

/// Reads an issuer's key set, within `timeout` in all. Without its address the issuer's discovery document names it.
///
/// # Errors
///
/// The document or the keys cannot be fetched, or the document is another issuer's or names no keys.
pub async fn fetch_keys(
    client: &OutboundClient,
    issuer: &str,
    jwks_url: Option<&Url>,
    verify_tls: bool,
    timeout: Duration,
) -> Result<Value, KeysError> {
    let deadline = Instant::now() + timeout;
    let get = async |url: &Url, max_bytes| client.get_json(Get { url, verify_tls, max_bytes, deadline }).await;
    let discovered;
    let jwks_url = match jwks_url {
        Some(url) => url,
        None => {
            let address = format!("{}{WELL_KNOWN_PATH}", issuer.trim_end_matches('/'));
            let url = Url::parse(&address).map_err(|_| KeysError::Issuer)?;
            let document = get(&url, DOCUMENT_LIMIT).await?.value;
            let member = |name: &str| document.get(name).and_then(Value::as_str);
            if member("issuer") != Some(issuer) {
                return Err(KeysError::OtherIssuer { url });
            }
            let named = member("jwks_uri").and_then(|address| Url::parse(address).ok());
            discovered = named.ok_or(KeysError::NoKeys { url })?;
            &discovered
        }
    };
    Ok(get(jwks_url, JWKS_LIMIT).await?.value)
}

/// Why there are no keys.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum KeysError {
    /// The issuer is no address, so that its document cannot be found.
    #[error("the issuer is no web address; name the address of its keys")]
    Issuer,
    /// The document is another issuer's.
    #[error("the document at {url} names another issuer")]
    OtherIssuer {
        /// Where the document is.
        url: Url,
    },
    /// The document names no keys.
    #[error("the document at {url} names no keys")]
    NoKeys {
        /// Where the document is.
        url: Url,
    },
    /// Document or keys could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}
