//! The REST dialects, by name.

use crate::rest;

/// A REST interface in the words of another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Waldur's, below `/api/identity-providers/`.
    Waldur {
        /// Whether enabled providers may be read without a token, as Waldur's own may.
        anonymous_reading: bool,
    },
    /// ScaiKey's, below `/api/v1/admin/` and `/api/v1/tenants/`.
    ScaiKey,
    /// AVEVA's, below `/api/IdentityProvider/` and `/api/Tenants/{tenantId}/IdentityProvider/`.
    Aveva,
}

impl Dialect {
    pub(super) const fn description(self) -> rest::openapi::Description {
        match self {
            Self::Waldur { .. } => rest::waldur::DESCRIPTION,
            Self::ScaiKey => rest::scaikey::DESCRIPTION,
            Self::Aveva => rest::aveva::DESCRIPTION,
        }
    }
}
