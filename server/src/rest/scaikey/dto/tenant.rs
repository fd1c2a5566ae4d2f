//! Tenants.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::tenant;

use super::super::{date::rfc3339, words};

/// A tenant as the administration shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantResponse)]
pub(in crate::rest::scaikey) struct Tenant<'a> {
    id: String,
    name: &'a str,
    slug: &'a str,
    #[schema(required)]
    partner_id: Option<&'a str>,
    #[schema(schema_with = words::tenant_status)]
    status: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
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
