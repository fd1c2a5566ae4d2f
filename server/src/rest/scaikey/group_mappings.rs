//! Which groups of a provider stand for which groups of a tenant.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value, json};
use vestibule_app::{
    domain::{
        actor::Permission,
        group::{NewGroupMapping, check_new_group_mapping},
        patch::Patch,
    },
    service::TenantRef,
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::GroupMapping,
    error::Result,
    input::{self, ObjectReader},
    members::{nullable, text},
    path::{Ids, mapping_id, provider_id},
    resource::{OrRefuse as _, Resource, check},
    shapes::{Conflict, GroupMappingAnswer, GroupMappingList},
};
use crate::rest::{
    RestState,
    body::{body, schemas},
};

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
    let mappings = state
        .services
        .group_mappings
        .list(actor, &TenantRef::parse(&tenant), provider_id(&id)?)
        .await
        .or_refuse(Resource::GroupMapping)?;
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
    let mapping = state
        .services
        .group_mappings
        .create(actor, &tenant, provider_id(&id)?, new)
        .await
        .or_refuse(Resource::GroupMapping)?;
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
    state.services.group_mappings.delete(actor, &tenant, id, mapping).await.or_refuse(Resource::GroupMapping)?;
    Ok(StatusCode::NO_CONTENT)
}

body! {
    /// What a request says of a group mapping.
    struct MappingBody() from &ObjectReader<'_> {
        external_group_id: String = text().with(|| json!({"minLength": 1, "maxLength": 1024})),
        external_group_name: Patch<String> = nullable().with(|| json!({"maxLength": 255})),
        internal_group_id: String = text().with(|| json!({"minLength": 1, "maxLength": 255})),
    }
}

schemas! {
    /// Request to create a group mapping.
    pub(super) CreatedGroupMapping as "GroupMappingCreate" = MappingBody::members();
}

fn read_new(object: &Map<String, Value>) -> Result<NewGroupMapping> {
    let (body, faults) = input::read(object, MappingBody::read);
    let MappingBody { external_group_id, external_group_name, internal_group_id } = body;
    let external_group_name = external_group_name.value().cloned();
    let new = NewGroupMapping { claim: None, external_group_id, external_group_name, internal_group_id };
    check(Resource::GroupMapping, faults, || check_new_group_mapping(&new))?;
    Ok(new)
}
