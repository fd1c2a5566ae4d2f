//! The administration's operations on the groups of tenants.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::json;
use vestibule_app::{
    domain::{
        actor::Permission,
        group::{self, GroupFilter, GroupPatch, NewGroup, check_group_patch},
        patch::Patch,
    },
    service::{ServiceResult, TenantRef},
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::Group,
    error::{Result, Segment, value_error},
    input::{self, ObjectReader},
    lookup::{filtered_tenant, find_tenant, get_tenant},
    members::{CANNOT_BE_CHANGED, Mode, name, nullable, text_of},
    path::{Ids, group_id},
    query::{Query, holds_nul},
    resource::{OrRefuse as _, Resource, check},
    shapes::{Conflict, GroupAnswer, GroupPage, GroupsFilter, NotFound, Page},
};
use crate::rest::{
    RestState,
    body::{body, schemas},
    unchanged::changed,
};

/// List Groups
///
/// In the order of their names.
#[utoipa::path(
    get,
    path = "/api/v1/admin/groups/",
    operation_id = "admin_groups_list",
    tag = "groups",
    params(Page, GroupsFilter),
    responses((status = 200, description = "A page of the groups", body = GroupPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewGroups)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    let tenant = query.text("tenant_id").map(str::to_owned);
    let search = query.text("search").map(str::to_owned);
    query.check()?;
    let tenant = filtered_tenant(&state, actor, tenant.as_deref()).await?;
    // No group matches a filter that no value can match.
    let (Some(tenant), false) = (tenant, search.as_deref().is_some_and(holds_nul)) else {
        return Ok(answer.empty_page(wanted));
    };
    let page = state
        .services
        .groups
        .list(actor, &GroupFilter { tenant, search }, wanted.request())
        .await
        .or_refuse(Resource::Group)?;
    Ok(answer.list(wanted, &page, Group::of))
}

/// Create a Group
#[utoipa::path(
    post,
    path = "/api/v1/admin/groups/",
    operation_id = "admin_groups_create",
    tag = "groups",
    request_body = CreatedGroup,
    responses((status = 201, description = "The new group", body = GroupAnswer), NotFound, Conflict),
)]
pub(super) async fn create(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageGroups)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let (body, faults) = input::read(&object, |reader| GroupBody::read(reader, Mode::Create));
    let GroupBody { tenant_id, name, description } = body;
    let patch = GroupPatch { name, description };
    check(Resource::Group, faults, || check_group_patch(&patch))?;
    let tenant = get_tenant(&state, actor, &tenant_id.unwrap_or_default()).await?.id;
    let GroupPatch { name, description } = patch;
    let new = NewGroup { tenant, name: name.unwrap_or_default(), description: description.value().cloned() };
    respond(&answer, StatusCode::CREATED, state.services.groups.create(actor, new).await)
}

/// Get a Group
#[utoipa::path(
    get,
    path = "/api/v1/admin/groups/{group_id}",
    operation_id = "admin_groups_retrieve",
    tag = "groups",
    responses((status = 200, description = "The group", body = GroupAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewGroups)?;
    respond(&answer, StatusCode::OK, state.services.groups.get(actor, group_id(&id)?).await)
}

/// Update a Group
///
/// What is left out stays.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/groups/{group_id}",
    operation_id = "admin_groups_update",
    tag = "groups",
    request_body = ChangedGroup,
    responses((status = 200, description = "The group", body = GroupAnswer), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageGroups)?;
    let id = group_id(&id)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let stored = state.services.groups.get(actor, id).await.or_refuse(Resource::Group)?;
    let object = changed(&object, &Group::of(&stored));
    let (body, mut faults) = input::read(&object, |reader| GroupBody::read(reader, Mode::Change));
    let GroupBody { tenant_id, name, description } = body;
    let patch = GroupPatch { name, description };
    if let Some(tenant) = tenant_id.map(|text| TenantRef::parse(&text))
        && find_tenant(&state, actor, &tenant).await? != Some(stored.tenant)
    {
        let place = vec![Segment::name("body"), Segment::name("tenant_id")];
        faults.push(value_error(place, "the tenant of a group cannot be changed"));
    }
    check(Resource::Group, faults, || check_group_patch(&patch))?;
    respond(&answer, StatusCode::OK, state.services.groups.update(actor, id, patch, None).await)
}

/// Delete a Group
#[utoipa::path(
    delete,
    path = "/api/v1/admin/groups/{group_id}",
    operation_id = "admin_groups_destroy",
    tag = "groups",
    responses((status = 204, description = "The group is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
) -> Result<StatusCode> {
    let actor = caller.who_may(Permission::ManageGroups)?;
    state.services.groups.delete(actor, group_id(&id)?).await.or_refuse(Resource::Group)?;
    Ok(StatusCode::NO_CONTENT)
}

fn respond(answer: &Answer, status: StatusCode, group: ServiceResult<group::Group>) -> Result<Response> {
    Ok(answer.one(status, Group::of(&group.or_refuse(Resource::Group)?)))
}

body! {
    /// What a request says of a group.
    struct GroupBody(mode: Mode) from &ObjectReader<'_> {
        tenant_id: Option<String> = text_of(mode)
            .says(mode.choose("The tenant it belongs to, by identifier or slug.", CANNOT_BE_CHANGED)),
        name: Option<String> = name(mode),
        description: Patch<String> = nullable().with(|| json!({"maxLength": 1000})),
    }
}

schemas! {
    /// Request to create a group.
    pub(super) CreatedGroup as "GroupCreate" = GroupBody::members(Mode::Create);
    /// Request to update a group.
    pub(super) ChangedGroup as "GroupUpdate" = GroupBody::members(Mode::Change);
}
