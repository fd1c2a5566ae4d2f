//! Assignments: which tenants' users sign in with which providers.

use serde::{Deserialize, Serialize};

use super::{
    id::{ProviderId, TenantId},
    provider::{Protocol, ProviderSummary},
    tenant::TenantStatus,
    timestamp::Timestamp,
};

/// How a provider got assigned to a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The tenant owns it.
    Owned,
    /// It was linked to the tenant.
    Shared,
}

/// The text is not the name of an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an origin: expected owned or shared")]
pub struct UnknownOrigin;

impl Origin {
    /// The origin as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Shared => "shared",
        }
    }
}

impl std::str::FromStr for Origin {
    type Err = UnknownOrigin;

    fn from_str(text: &str) -> Result<Self, UnknownOrigin> {
        match text {
            "owned" => Ok(Self::Owned),
            "shared" => Ok(Self::Shared),
            _ => Err(UnknownOrigin),
        }
    }
}

/// A tenant whose users sign in with a provider: a row of the provider's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedTenant {
    /// The tenant.
    pub id: TenantId,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether its users may sign in at all.
    pub status: TenantStatus,
    /// How the provider got assigned.
    pub origin: Origin,
    /// When it was assigned.
    pub since: Timestamp,
    /// Who linked it.
    pub by: String,
}

/// A provider that a tenant's users sign in with: a row of the tenant's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedProvider {
    /// The provider.
    pub provider: ProviderSummary,
    /// How it got assigned to the tenant.
    pub origin: Origin,
    /// When it was assigned.
    pub since: Timestamp,
    /// Who linked it.
    pub by: String,
}

/// A provider that could be linked to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCandidate {
    /// The provider.
    pub id: ProviderId,
    /// The display name.
    pub label: String,
    /// Its protocol.
    pub protocol: Protocol,
}

/// Narrows a list of a tenant's providers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AssignmentFilter {
    /// Only providers that are enabled.
    pub enabled_only: bool,
    /// Only this protocol.
    pub protocol: Option<Protocol>,
}
