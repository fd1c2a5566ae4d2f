//! Groups of tenants, and which groups of a provider map to them.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    group::{Group, GroupFilter, GroupMapping, GroupPatch, NewGroup, NewGroupMapping},
    id::{GroupId, GroupMappingId, ProviderId, TenantId},
    page::{Page, PageRequest},
};
#[cfg(feature = "ssr")]
use crate::service::TenantRef;

/// A page of the groups within the caller's reach, by name.
#[server(prefix = "/_ui/fn", endpoint = "groups/list", protocol = JsonPost)]
pub async fn list_groups(filter: GroupFilter, page: PageRequest) -> Result<Page<Group>, ApiError> {
    let call = context()?;
    answer(call.services.groups.list(&call.actor, &filter, page.capped()).await)
}

/// One group.
#[server(prefix = "/_ui/fn", endpoint = "groups/get", protocol = JsonPost)]
pub async fn get_group(id: GroupId) -> Result<Group, ApiError> {
    let call = context()?;
    answer(call.services.groups.get(&call.actor, id).await)
}

/// Creates a group.
#[server(prefix = "/_ui/fn", endpoint = "groups/create", protocol = JsonPost)]
pub async fn create_group(new: NewGroup) -> Result<Group, ApiError> {
    let call = context()?;
    answer(call.services.groups.create(&call.actor, new).await)
}

/// Changes a group.
#[server(prefix = "/_ui/fn", endpoint = "groups/update", protocol = JsonPost)]
pub async fn update_group(id: GroupId, version: i64, change: GroupPatch) -> Result<Group, ApiError> {
    let call = context()?;
    answer(call.services.groups.update(&call.actor, id, change, Some(version)).await)
}

/// Deletes a group. Mappings to it are kept.
#[server(prefix = "/_ui/fn", endpoint = "groups/delete", protocol = JsonPost)]
pub async fn delete_group(id: GroupId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.groups.delete(&call.actor, id).await)
}

/// All mappings of a provider for a tenant, the oldest first.
#[server(prefix = "/_ui/fn", endpoint = "group-mappings/list", protocol = JsonPost)]
pub async fn list_group_mappings(tenant: TenantId, provider: ProviderId) -> Result<Vec<GroupMapping>, ApiError> {
    let call = context()?;
    answer(call.services.group_mappings.list(&call.actor, &TenantRef::Id(tenant), provider).await)
}

/// Creates a mapping.
#[server(prefix = "/_ui/fn", endpoint = "group-mappings/create", protocol = JsonPost)]
pub async fn create_group_mapping(
    tenant: TenantId,
    provider: ProviderId,
    new: NewGroupMapping,
) -> Result<GroupMapping, ApiError> {
    let call = context()?;
    answer(call.services.group_mappings.create(&call.actor, &TenantRef::Id(tenant), provider, new).await)
}

/// Deletes a mapping.
#[server(prefix = "/_ui/fn", endpoint = "group-mappings/delete", protocol = JsonPost)]
pub async fn delete_group_mapping(
    tenant: TenantId,
    provider: ProviderId,
    mapping: GroupMappingId,
) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.group_mappings.delete(&call.actor, &TenantRef::Id(tenant), provider, mapping).await)
}

/// External groups that other mappings of the provider or the tenant use, as suggestions.
#[server(prefix = "/_ui/fn", endpoint = "group-mappings/known-external", protocol = JsonPost)]
pub async fn known_external_groups(tenant: TenantId, provider: ProviderId) -> Result<Vec<String>, ApiError> {
    let call = context()?;
    let tenant = TenantRef::Id(tenant);
    answer(call.services.group_mappings.list_external_groups(&call.actor, &tenant, provider).await)
}
