//! The administration's operations on users of tenants. Who they are is the directories' matter; whether they are blocked
//! is the administration's.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use vestibule_app::domain::{
    actor::{Actor, Permission},
    id::UserId,
    user::{UserFilter, UserStatus},
};

use super::{
    admin::{filtered_tenant, holds_nul},
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::{User, WholeUser},
    error::{Resource, Result},
    input::{Faults, ObjectReader, check},
    openapi::{ChangedUser, Conflict, Page, UserAnswer, UserPage, UsersFilter},
    path::{Ids, user_id},
    query::Query,
};
use crate::rest::RestState;

/// List Users
///
/// In the order of their user names.
#[utoipa::path(
    get,
    path = "/api/v1/admin/users/",
    operation_id = "admin_users_list",
    tag = "users",
    params(Page, UsersFilter),
    responses((status = 200, description = "A page of the users", body = UserPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewUsers)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    let tenant = query.text("tenant_id").map(str::to_owned);
    let provider = query.text("idp_id").map(str::parse).transpose();
    query.choice("status", &UserStatus::ALL.iter().map(|status| status.as_str()).collect::<Vec<_>>());
    let status = query.text("status").and_then(|text| text.parse::<UserStatus>().ok());
    let search = query.text("search").map(str::to_owned);
    query.check()?;
    let tenant = filtered_tenant(&state, actor, tenant.as_deref()).await?;
    // What no user can be like, none is.
    let (Some(tenant), Ok(provider), false) = (tenant, provider, search.as_deref().is_some_and(holds_nul)) else {
        return Ok(answer.empty_page(wanted));
    };
    let filter = UserFilter { tenant, provider, group: None, status, search };
    let page = state.services.users.list(actor, &filter, wanted.request()).await;
    let page = page.map_err(|error| Resource::User.refuse(error))?;
    Ok(answer.list(wanted, &page, User::of))
}

/// Get User
#[utoipa::path(
    get,
    path = "/api/v1/admin/users/{user_id}",
    operation_id = "admin_users_retrieve",
    tag = "users",
    responses((status = 200, description = "The user with links and groups", body = UserAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewUsers)?;
    show(&state, actor, user_id(&id)?, &answer).await
}

/// Block or unblock a User
///
/// Everything else about users is their directories' matter.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/users/{user_id}",
    operation_id = "admin_users_update",
    tag = "users",
    request_body = ChangedUser,
    responses((status = 200, description = "The user with links and groups", body = UserAnswer), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageUsers)?;
    let id = user_id(&id)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let faults = Faults::default();
    let is_blocked = ObjectReader::of_body(&object, &faults).boolean_or_null("blocked").value().copied();
    check(faults)?;
    let users = &state.services.users;
    let changed = match is_blocked {
        Some(is_blocked) => users.set_blocked(actor, id, is_blocked, None).await,
        // A change that changes nothing needs the same rights.
        None => match users.get(actor, id).await {
            Ok(detail) => users.set_blocked(actor, id, detail.user.blocked.is_some(), Some(detail.user.version)).await,
            Err(error) => Err(error),
        },
    };
    changed.map_err(|error| Resource::User.refuse(error))?;
    show(&state, actor, id, &answer).await
}

async fn show(state: &RestState, actor: &Actor, id: UserId, answer: &Answer) -> Result<Response> {
    let detail = state.services.users.get(actor, id).await.map_err(|error| Resource::User.refuse(error))?;
    Ok(answer.one(StatusCode::OK, WholeUser::of(&detail)))
}
