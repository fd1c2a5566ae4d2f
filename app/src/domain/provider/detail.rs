//! What the portal shows of one provider beside its settings.

use serde::{Deserialize, Serialize};

use super::IdentityProvider;
use crate::domain::{
    connection::Health,
    discovery::{Change, DiscoveryReport},
    id::ProviderId,
    timestamp::Timestamp,
};

/// A provider with what stands around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderDetail {
    /// The provider, without secrets.
    pub provider: IdentityProvider,
    /// The name of the tenant it belongs to.
    pub owner_name: Option<String>,
    /// The address to register at the provider: `{base}/callback/{provider id}`.
    pub callback_url: String,
    /// What the last discovery found; absent for other protocols.
    pub discovery: Option<LastDiscovery>,
    /// How it has been doing; absent before the first test.
    pub health: Option<Health>,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// Whether a secret is stored that this server cannot open; it counts as none.
    pub has_lost_secret: bool,
}

impl ProviderDetail {
    /// What this side calls itself towards this provider, if it is a SAML provider: see [`service_entity_id`].
    pub fn service_entity_id(&self) -> String {
        let end = self.callback_url.rfind("/callback/").unwrap_or(self.callback_url.len());
        service_entity_id(self.callback_url.get(..end).unwrap_or_default(), self.provider.id)
    }
}

/// What this side calls itself towards a SAML provider: `{base}/saml/metadata/{provider id}`, where its metadata is
/// (SAML 2.0 Metadata, section 4.1). A name for each provider, since two of them may be the same system, which knows a
/// name once.
pub fn service_entity_id(base: &str, provider: ProviderId) -> String {
    format!("{base}/saml/metadata/{provider}")
}

/// What the last discovery found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastDiscovery {
    /// When it was.
    pub at: Timestamp,
    /// Its report, with the document.
    pub report: DiscoveryReport,
}

/// What disabling or deleting a provider affects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Tenants whose users sign in with it.
    pub tenants: u64,
    /// Group mappings that name it.
    pub group_mappings: u64,
}

/// What reading the discovery document again would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RediscoveryPreview {
    /// What the document says now.
    pub report: DiscoveryReport,
    /// How it differs from the stored one.
    pub changes: Vec<Change>,
    /// The version of the provider that was compared.
    pub version: i64,
}
