//! Bodies that say what tenants, groups, group mappings and users are to be.

use utoipa::ToSchema;

use super::words::tenant_status;

/// Request to create a group mapping.
#[derive(ToSchema)]
#[schema(as = GroupMappingCreate)]
pub(in crate::rest::scaikey) struct CreatedGroupMapping {
    #[schema(min_length = 1, max_length = 1024)]
    external_group_id: String,
    #[schema(max_length = 255)]
    external_group_name: Option<String>,
    #[schema(min_length = 1, max_length = 255)]
    internal_group_id: String,
}

/// Request to create a tenant.
#[derive(ToSchema)]
#[schema(as = TenantCreate)]
pub(in crate::rest::scaikey) struct CreatedTenant {
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Made from the name when it is left out.
    slug: Option<String>,
    partner_id: Option<String>,
    #[schema(required = false, schema_with = tenant_status)]
    status: String,
}

/// Request to update a tenant.
#[derive(ToSchema)]
#[schema(as = TenantUpdate)]
pub(in crate::rest::scaikey) struct ChangedTenant {
    /// Null changes nothing.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// Cannot be changed; what it is may be repeated.
    slug: Option<String>,
    partner_id: Option<String>,
    #[schema(required = false, schema_with = tenant_status)]
    status: String,
}

/// Request to create a group.
#[derive(ToSchema)]
#[schema(as = GroupCreate)]
pub(in crate::rest::scaikey) struct CreatedGroup {
    /// The tenant it belongs to, by identifier or slug.
    tenant_id: String,
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    #[schema(max_length = 1000)]
    description: Option<String>,
}

/// Request to update a group.
#[derive(ToSchema)]
#[schema(as = GroupUpdate)]
pub(in crate::rest::scaikey) struct ChangedGroup {
    /// Cannot be changed; what it is may be repeated.
    tenant_id: Option<String>,
    /// Null changes nothing.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    #[schema(max_length = 1000)]
    description: Option<String>,
}

/// Request to block or unblock a user.
#[derive(ToSchema)]
#[schema(as = UserUpdate)]
pub(in crate::rest::scaikey) struct ChangedUser {
    /// Whether an administrator keeps the user out. Null changes nothing.
    blocked: Option<bool>,
}
