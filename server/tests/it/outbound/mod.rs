//! The guarded outbound client against servers that mean no good.

mod addresses;
mod answers;
mod discovery;
mod entries;
mod names;
mod redirects;
mod time;
mod tls;
mod trace;
mod urls;

use std::time::Duration;

use tokio::time::Instant;
use url::Url;
use vestibule::{
    OutboundPolicy,
    testing::protocol::http::{FetchError, Fetched, Get, OutboundClient},
};

/// The longest document tests ask for, unless they are about length.
const LIMIT: usize = 64 * 1024;

/// A policy that opens these.
fn policy(entries: &[&str]) -> OutboundPolicy {
    OutboundPolicy::parse(entries.iter().copied()).expect("tests use well-formed entries")
}

/// A client that may reach 127.0.0.1 and no other special address.
fn client() -> OutboundClient {
    OutboundClient::new(policy(&["127.0.0.1/32"]))
}

/// Reads `url` with time to spare.
async fn get(client: &OutboundClient, url: &Url) -> Result<Fetched, FetchError> {
    get_within(client, url, Duration::from_secs(30)).await
}

/// Reads `url` within `limit`.
async fn get_within(client: &OutboundClient, url: &Url, limit: Duration) -> Result<Fetched, FetchError> {
    let deadline = Instant::now() + limit;
    client.get_json(Get { url, verify_tls: true, max_bytes: LIMIT, deadline }).await
}

/// Reads `url` without checking its certificate.
async fn get_unverified(client: &OutboundClient, url: &Url) -> Result<Fetched, FetchError> {
    let deadline = Instant::now() + Duration::from_secs(30);
    client.get_json(Get { url, verify_tls: false, max_bytes: LIMIT, deadline }).await
}

/// A URL out of a literal.
fn url(text: &str) -> Url {
    text.parse().expect("tests use well-formed URLs")
}
