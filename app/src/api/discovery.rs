//! Discovery before a provider is saved.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::discovery::DiscoveryReport;

/// Reads and validates a discovery document and its keys.
#[server(prefix = "/_ui/fn", endpoint = "discovery/inspect", protocol = JsonPost)]
pub async fn inspect_discovery(address: String, verify_tls: bool) -> Result<DiscoveryReport, ApiError> {
    let call = context()?;
    answer(call.services.discovery.inspect(&call.actor, &address, verify_tls).await)
}
