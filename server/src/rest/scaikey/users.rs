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
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::{User, WholeUser},
    error::Result,
    input::{self, ObjectReader},
    lookup::filtered_tenant,
    members::{Mode, flag_of},
    path::{Ids, user_id},
    query::{Query, holds_nul},
    resource::{OrRefuse as _, Resource, check},
    shapes::{Conflict, Page, UserAnswer, UserPage, UsersFilter},
};
use crate::rest::{
    RestState,
    body::{body, schemas},
};

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
    // No user matches a filter that no value can match.
    let (Some(tenant), Ok(provider), false) = (tenant, provider, search.as_deref().is_some_and(holds_nul)) else {
        return Ok(answer.empty_page(wanted));
    };
    let filter = UserFilter { tenant, provider, group: None, status, search };
    let page = state.services.users.list(actor, &filter, wanted.request()).await.or_refuse(Resource::User)?;
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
    let (UserBody { blocked: is_blocked }, faults) = input::read(&object, UserBody::read);
    check(Resource::User, faults, Vec::new)?;
    let users = &state.services.users;
    let changed = match is_blocked {
        Some(is_blocked) => users.set_blocked(actor, id, is_blocked, None).await,
        // A change that changes nothing needs the same rights.
        None => match users.get(actor, id).await {
            Ok(detail) => users.set_blocked(actor, id, detail.user.blocked.is_some(), Some(detail.user.version)).await,
            Err(error) => Err(error),
        },
    };
    changed.or_refuse(Resource::User)?;
    show(&state, actor, id, &answer).await
}

async fn show(state: &RestState, actor: &Actor, id: UserId, answer: &Answer) -> Result<Response> {
    let detail = state.services.users.get(actor, id).await.or_refuse(Resource::User)?;
    Ok(answer.one(StatusCode::OK, WholeUser::of(&detail)))
}

body! {
    /// What a request says of a user.
    struct UserBody() from &ObjectReader<'_> {
        /// Whether an administrator keeps the user out.
        blocked: Option<bool> = flag_of(Mode::Change),
    }
}

schemas! {
    /// Request to block or unblock a user.
    pub(super) ChangedUser as "UserUpdate" = UserBody::members();
}
