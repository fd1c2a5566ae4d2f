//! Tenants.

use serde::Serialize;
use vestibule_app::domain::tenant;

use super::super::date::rfc3339;

/// A tenant as the administration shows it.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct Tenant<'a> {
    id: String,
    name: &'a str,
    slug: &'a str,
    partner_id: Option<&'a str>,
    status: &'static str,
    created_at: String,
    updated_at: Option<String>,
}

impl<'a> Tenant<'a> {
    pub(in crate::rest::scaikey) fn of(tenant: &'a tenant::Tenant) -> Self {
        let tenant::Tenant { id, slug, name, partner, status, created_at, updated_at, version: _ } = tenant;
        Self {
            id: id.prefixed(),
            name,
            slug,
            partner_id: partner.as_deref(),
            status: status.as_str(),
            created_at: rfc3339(*created_at),
            updated_at: updated_at.map(rfc3339),
        }
    }
}
