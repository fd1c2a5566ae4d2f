//! Groups, and which groups of a provider stand for them.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::group;

use super::super::date::rfc3339;

/// A group as the administration shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupResponse)]
pub(in crate::rest::scaikey) struct Group<'a> {
    id: String,
    tenant_id: String,
    name: &'a str,
    #[schema(required)]
    description: Option<&'a str>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    updated_at: Option<String>,
}

impl<'a> Group<'a> {
    pub(in crate::rest::scaikey) fn of(group: &'a group::Group) -> Self {
        let group::Group { id, tenant, name, description, created_at, updated_at, version: _ } = group;
        Self {
            id: id.prefixed(),
            tenant_id: tenant.prefixed(),
            name,
            description: description.as_deref(),
            created_at: rfc3339(*created_at),
            updated_at: updated_at.map(rfc3339),
        }
    }
}

/// Group mapping response.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupMappingResponse)]
pub(in crate::rest::scaikey) struct GroupMapping<'a> {
    id: String,
    idp_id: String,
    external_group_id: &'a str,
    #[schema(required)]
    external_group_name: Option<&'a str>,
    internal_group_id: &'a str,
    /// Null when no group of the tenant has this identifier.
    internal_group_name: Option<&'a str>,
    #[schema(format = DateTime)]
    created_at: String,
}

impl<'a> GroupMapping<'a> {
    pub(in crate::rest::scaikey) fn of(mapping: &'a group::GroupMapping) -> Self {
        let group::GroupMapping {
            id,
            tenant: _,
            provider,
            claim: _,
            external_group_id,
            external_group_name,
            internal_group_id,
            internal_group_name,
            created_at,
        } = mapping;
        Self {
            id: id.prefixed(),
            idp_id: provider.prefixed(),
            external_group_id,
            external_group_name: external_group_name.as_deref(),
            internal_group_id,
            internal_group_name: internal_group_name.as_deref(),
            created_at: rfc3339(*created_at),
        }
    }
}
