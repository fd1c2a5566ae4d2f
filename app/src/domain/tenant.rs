//! Tenants: the customers of the application whose users sign in.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{id::TenantId, timestamp::Timestamp};

/// A customer with users of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Stable identifier.
    pub id: TenantId,
    /// Unique short name for URLs.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// The partner that looks after the tenant, if any.
    pub partner: Option<String>,
    /// Whether its users may sign in.
    pub status: TenantStatus,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Whether a tenant's users may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Users sign in.
    Active,
    /// Nobody signs in; nothing is lost.
    #[default]
    Suspended,
}

/// The text names no tenant status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tenant status: expected active or suspended")]
pub struct UnknownTenantStatus;

impl TenantStatus {
    /// The status as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl FromStr for TenantStatus {
    type Err = UnknownTenantStatus;

    fn from_str(text: &str) -> Result<Self, UnknownTenantStatus> {
        match text {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err(UnknownTenantStatus),
        }
    }
}
