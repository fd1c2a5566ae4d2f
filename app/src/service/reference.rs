//! How callers name what a service works on.

use crate::domain::id::{ProviderId, TenantId};

/// How a caller names a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderRef {
    /// By its identifier.
    Id(ProviderId),
    /// By the slug of a platform-wide OpenID provider, as the Waldur dialect does.
    PlatformOidc(String),
    /// By the slug of any provider.
    Slug(String),
}

/// How a caller names a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantRef {
    /// By its identifier.
    Id(TenantId),
    /// By its slug.
    Slug(String),
}

impl TenantRef {
    /// Reads every spelling of an identifier, and takes everything else for a slug.
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Slug(text.to_owned()), Self::Id)
    }
}
