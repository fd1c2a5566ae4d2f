//! SAML: reading metadata before a provider is saved.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::saml_metadata::MetadataReport;

/// Reads metadata from an address.
#[server(prefix = "/_ui/fn", endpoint = "saml-metadata/fetch", protocol = JsonPost)]
pub async fn fetch_saml_metadata(url: String, verify_tls: bool) -> Result<MetadataReport, ApiError> {
    let call = context()?;
    answer(call.services.saml_metadata.fetch(&call.actor, &url, verify_tls).await)
}

/// Reads metadata that was pasted or uploaded.
#[server(prefix = "/_ui/fn", endpoint = "saml-metadata/read", protocol = JsonPost)]
pub async fn read_saml_metadata(document: String) -> Result<MetadataReport, ApiError> {
    let call = context()?;
    answer(call.services.saml_metadata.read(&call.actor, &document).await)
}
