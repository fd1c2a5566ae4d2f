//! The addresses of this installation that identity providers are configured with.

use url::Url;
use vestibule_app::domain::{id::ProviderId, provider::detail::service_entity_id};

/// The public address with the mount path.
#[derive(Debug, Clone)]
pub(super) struct PublicAddress {
    /// Without a trailing slash.
    base_url: String,
}

impl PublicAddress {
    pub(super) fn new(base_url: &Url) -> Self {
        Self { base_url: base_url.as_str().trim_end_matches('/').to_owned() }
    }

    /// Where a provider redirects users back to.
    pub(super) fn callback_url(&self, provider: ProviderId) -> String {
        format!("{}/callback/{provider}", self.base_url)
    }

    /// Where a test sign-in begins.
    pub(super) fn test_url(&self, ticket: &str) -> String {
        format!("{}/login/test?ticket={ticket}", self.base_url)
    }

    /// The entity identifier of this service provider for a SAML provider.
    pub(super) fn entity_id(&self, provider: ProviderId) -> String {
        service_entity_id(&self.base_url, provider)
    }
}
