//! Discovery before anything is saved.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::ApiError;
#[cfg(feature = "ssr")]
use super::context::{answer, context};
use crate::domain::discovery::DiscoveryReport;

/// Reads and judges a discovery document and its keys.
#[server(prefix = "/_ui/fn", endpoint = "discovery/inspect", input = Json)]
pub async fn inspect_discovery(address: String, verify_tls: bool) -> Result<DiscoveryReport, ApiError> {
    let call = context()?;
    answer(call.services.discovery.inspect(&call.actor, &address, verify_tls).await)
}
