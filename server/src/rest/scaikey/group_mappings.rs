//! Which groups of a provider stand for which groups of a tenant.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value};
use vestibule_app::{
    domain::{
        actor::Permission,
        group::{NewGroupMapping, check_new_group_mapping},
    },
    service::TenantRef,
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::GroupMapping,
    error::{Resource, Result},
    input::{Faults, ObjectReader, check_with},
    openapi::{Conflict, CreatedGroupMapping, GroupMappingAnswer, GroupMappingList},
    path::{Ids, mapping_id, provider_id},
};
use crate::rest::RestState;

/// List group mappings for an Identity Provider
#[utoipa::path(
    get,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings",
    operation_id = "tenant_identity_providers_group_mappings_list",
    tag = "tenant",
    responses((status = 200, description = "All of them", body = GroupMappingList)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewGroups)?;
    let mappings = state.services.group_mappings.list(actor, &TenantRef::parse(&tenant), provider_id(&id)?).await;
    let mappings = mappings.map_err(|error| Resource::GroupMapping.refuse(error))?;
    Ok(answer.whole(&mappings, GroupMapping::of))
}

/// Create a group mapping
#[utoipa::path(
    post,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings",
    operation_id = "tenant_identity_providers_group_mappings_create",
    tag = "tenant",
    request_body = CreatedGroupMapping,
    responses((status = 201, description = "The new group mapping", body = GroupMappingAnswer), Conflict),
)]
pub(super) async fn create(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageGroups)?;
    let object = body::read(request, Declared::Model).await?;
    let new = read_new(&object)?;
    let tenant = TenantRef::parse(&tenant);
    let mapping = state.services.group_mappings.create(actor, &tenant, provider_id(&id)?, new).await;
    let mapping = mapping.map_err(|error| Resource::GroupMapping.refuse(error))?;
    Ok(answer.one(StatusCode::CREATED, GroupMapping::of(&mapping)))
}

/// Delete a group mapping
#[utoipa::path(
    delete,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings/{mapping_id}",
    operation_id = "tenant_identity_providers_group_mappings_destroy",
    tag = "tenant",
    responses((status = 204, description = "The group mapping is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id, mapping)): Ids<(String, String, String)>,
) -> Result<StatusCode> {
    let actor = caller.who_may(Permission::ManageGroups)?;
    let (tenant, id, mapping) = (TenantRef::parse(&tenant), provider_id(&id)?, mapping_id(&mapping)?);
    let deleted = state.services.group_mappings.delete(actor, &tenant, id, mapping).await;
    deleted.map_err(|error| Resource::GroupMapping.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_new(object: &Map<String, Value>) -> Result<NewGroupMapping> {
    let faults = Faults::default();
    let reader = ObjectReader::of_body(object, &faults);
    let new = NewGroupMapping {
        claim: None,
        external_group_id: reader.required_text("external_group_id").unwrap_or_default(),
        external_group_name: reader.text_or_null("external_group_name").value().cloned(),
        internal_group_id: reader.required_text("internal_group_id").unwrap_or_default(),
    };
    check_with(faults.into_inner(), Resource::GroupMapping, || check_new_group_mapping(&new))?;
    Ok(new)
}
