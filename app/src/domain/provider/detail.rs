//! What the portal shows of a provider beside its settings.

use serde::{Deserialize, Serialize};

use super::IdentityProvider;
use crate::domain::{
    connection::Health,
    discovery::{Change, DiscoveryReport},
    id::ProviderId,
    timestamp::Timestamp,
};

/// A provider with what its page shows beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderDetail {
    /// The provider, without secrets.
    pub provider: IdentityProvider,
    /// The name of the owning tenant.
    pub owner_name: Option<String>,
    /// The address to register at the provider: `{base}/callback/{provider id}`.
    pub callback_url: String,
    /// The last discovery; `None` for other protocols.
    pub discovery: Option<LastDiscovery>,
    /// Its health; `None` before the first test.
    pub health: Option<Health>,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// Whether a secret is stored that this server cannot open; it counts as missing.
    pub has_lost_secret: bool,
}

impl ProviderDetail {
    /// The entity ID that Vestibule uses towards this provider, if it is a SAML provider: see [`service_entity_id`].
    pub fn service_entity_id(&self) -> String {
        let end = self.callback_url.rfind("/callback/").unwrap_or(self.callback_url.len());
        service_entity_id(self.callback_url.get(..end).unwrap_or_default(), self.provider.id)
    }
}

/// The entity ID that Vestibule uses towards a SAML provider: `{base}/saml/metadata/{provider id}`, where its metadata
/// is published (SAML 2.0 Metadata, section 4.1). Each provider has its own, since two of them may be the same system,
/// which accepts an entity ID once.
pub fn service_entity_id(base: &str, provider: ProviderId) -> String {
    format!("{base}/saml/metadata/{provider}")
}

/// The last discovery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastDiscovery {
    /// When it ran.
    pub at: Timestamp,
    /// Its report, with the document.
    pub report: DiscoveryReport,
}

/// What disabling or deleting a provider affects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Tenants whose users sign in with it.
    pub tenants: u64,
    /// Group mappings that use it.
    pub group_mappings: u64,
}

/// What discovering the provider again would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RediscoveryPreview {
    /// The current document with its report.
    pub report: DiscoveryReport,
    /// The differences to the stored document.
    pub changes: Vec<Change>,
    /// The version of the provider that was compared.
    pub version: i64,
}
