//! Lists of providers: filters, order and rows.

use serde::{Deserialize, Serialize};

use super::{Protocol, Slug};
use crate::domain::{
    connection::Health,
    id::{ProviderId, TenantId},
    timestamp::Timestamp,
};

/// A row of a list of providers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSummary {
    /// Stable identifier.
    pub id: ProviderId,
    /// Unique short name.
    pub slug: Slug,
    /// The display name.
    pub label: String,
    /// Its protocol.
    pub protocol: Protocol,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// That tenant's name.
    pub owner_name: Option<String>,
    /// The number of warnings of the last discovery.
    pub warnings: u32,
    /// Its health; `None` before the first test.
    pub health: Option<Health>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed, if ever.
    pub updated_at: Option<Timestamp>,
}

/// Narrows a list of providers. Empty means all that the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProviderFilter {
    /// Part of name, display name, slug, issuer, discovery address, client id, entity id or server address, in any
    /// letter case.
    pub search: Option<String>,
    /// Only this protocol.
    pub protocol: Option<Protocol>,
    /// Only enabled or only disabled ones.
    pub enabled: Option<bool>,
    /// Only those of this owner.
    pub owner: Option<OwnerFilter>,
}

impl ProviderFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Narrows a list by owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerFilter {
    /// The platform's own.
    Platform,
    /// One tenant's.
    Tenant(TenantId),
}

/// The order of a list of providers. Equal rows are in the order of their creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ProviderSort {
    /// The key.
    pub key: SortKey,
    /// The direction.
    pub direction: SortDirection,
}

/// The key by which a list of providers is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortKey {
    /// The display name, compared byte by byte.
    #[default]
    Label,
    /// The protocol, then the name.
    Protocol,
    /// The last change, else the creation.
    Changed,
}

/// The direction in which a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortDirection {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}
