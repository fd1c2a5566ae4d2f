//! Users of tenants.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::UserId,
    page::{Page, PageRequest},
    user::{User, UserDetail, UserFilter},
};

/// A page of the users within the caller's reach, by user name.
#[server(prefix = "/_ui/fn", endpoint = "users/list", protocol = JsonPost)]
pub async fn list_users(filter: UserFilter, page: PageRequest) -> Result<Page<User>, ApiError> {
    let call = context()?;
    answer(call.services.users.list(&call.actor, &filter, page.capped()).await)
}

/// One user with links and groups.
#[server(prefix = "/_ui/fn", endpoint = "users/get", protocol = JsonPost)]
pub async fn get_user(id: UserId) -> Result<UserDetail, ApiError> {
    let call = context()?;
    answer(call.services.users.get(&call.actor, id).await)
}

/// Keeps a user out, or no longer.
#[server(prefix = "/_ui/fn", endpoint = "users/set-blocked", protocol = JsonPost)]
pub async fn set_user_blocked(id: UserId, blocked: bool, version: i64) -> Result<User, ApiError> {
    let call = context()?;
    answer(call.services.users.set_blocked(&call.actor, id, blocked, Some(version)).await)
}

/// Lets a user in again whom a synchronisation deactivated.
#[server(prefix = "/_ui/fn", endpoint = "users/reactivate", protocol = JsonPost)]
pub async fn reactivate_user(id: UserId, version: i64) -> Result<User, ApiError> {
    let call = context()?;
    answer(call.services.users.reactivate(&call.actor, id, Some(version)).await)
}

/// Removes a user whom no directory has any more.
#[server(prefix = "/_ui/fn", endpoint = "users/delete", protocol = JsonPost)]
pub async fn delete_user(id: UserId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.users.delete(&call.actor, id).await)
}
