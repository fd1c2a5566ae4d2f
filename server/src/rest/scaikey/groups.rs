//! The administration's operations on the groups of tenants.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Map, Value};
use vestibule_app::{
    domain::{
        actor::Permission,
        group::{self, GroupFilter, GroupPatch, NewGroup, check_group_patch},
    },
    service::{ServiceResult, TenantRef},
};

use super::{
    admin::{self, filtered_tenant, holds_nul},
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::Group,
    error::{Entry, Resource, Result, Segment, value_error},
    input::{Faults, ObjectReader, check_with},
    openapi::{ChangedGroup, Conflict, CreatedGroup, GroupAnswer, GroupPage, GroupsFilter, NotFound, Page},
    path::{Ids, group_id},
    query::Query,
    tenant_providers::find_tenant,
    write::Mode,
};
use crate::rest::{RestState, unchanged::changed};

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
    // What no group can be like, none is.
    let (Some(tenant), false) = (tenant, search.as_deref().is_some_and(holds_nul)) else {
        return Ok(answer.empty_page(wanted));
    };
    let page = state.services.groups.list(actor, &GroupFilter { tenant, search }, wanted.request()).await;
    let page = page.map_err(|error| Resource::Group.refuse(error))?;
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
    let (tenant, patch, faults) = read(&object, Mode::Create);
    check_with(faults, Resource::Group, || check_group_patch(&patch))?;
    let tenant = find_tenant(&state, actor, &tenant.unwrap_or_default()).await?.id;
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
    let stored = state.services.groups.get(actor, id).await.map_err(|error| Resource::Group.refuse(error))?;
    let (tenant, patch, mut faults) = read(&changed(&object, &Group::of(&stored)), Mode::Change);
    if let Some(tenant) = tenant.map(|text| TenantRef::parse(&text))
        && admin::find_tenant(&state, actor, &tenant).await? != Some(stored.tenant)
    {
        let place = vec![Segment::name("body"), Segment::name("tenant_id")];
        faults.push(value_error(place, "the tenant of a group cannot be changed"));
    }
    check_with(faults, Resource::Group, || check_group_patch(&patch))?;
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
    let deleted = state.services.groups.delete(actor, group_id(&id)?).await;
    deleted.map_err(|error| Resource::Group.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}

fn respond(answer: &Answer, status: StatusCode, group: ServiceResult<group::Group>) -> Result<Response> {
    let group = group.map_err(|error| Resource::Group.refuse(error))?;
    Ok(answer.one(status, Group::of(&group)))
}

/// The tenant that the body names, and the rest as a change, with everything that is wrong with their form.
fn read(object: &Map<String, Value>, mode: Mode) -> (Option<String>, GroupPatch, Vec<Entry>) {
    let faults = Faults::default();
    let reader = ObjectReader::of_body(object, &faults);
    let text = |name| match mode {
        Mode::Create => reader.required_text(name),
        Mode::Change => reader.text_or_null(name).value().cloned(),
    };
    let tenant = text("tenant_id");
    let name = text("name");
    reader.check_length("name", name.as_deref());
    let patch = GroupPatch { name, description: reader.text_or_null("description") };
    (tenant, patch, faults.into_inner())
}
