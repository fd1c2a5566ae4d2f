//! Users of tenants.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::{IdentityLinkId, UserId, UserSessionId},
    page::{Page, PageRequest},
    session::UserSession,
    user::{IdentityLink, UserDetail, UserFilter, UserSummary},
};

/// A page of the users within the caller's reach, by user name.
#[server(prefix = "/_ui/fn", endpoint = "users/list", protocol = JsonPost)]
pub async fn list_users(filter: UserFilter, page: PageRequest) -> Result<Page<UserSummary>, ApiError> {
    let call = context()?;
    answer(call.services.users.list_summaries(&call.actor, &filter, page.capped()).await)
}

/// One user with links and groups.
#[server(prefix = "/_ui/fn", endpoint = "users/get", protocol = JsonPost)]
pub async fn get_user(id: UserId) -> Result<UserDetail, ApiError> {
    let call = context()?;
    answer(call.services.users.get(&call.actor, id).await)
}

/// What an administrator can do to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserAction {
    /// Blocks the user from signing in.
    Block,
    /// Lifts the block.
    Unblock,
    /// Reactivates a user that a synchronisation deactivated.
    Reactivate,
    /// Deletes a user who is in no directory any longer.
    Delete,
}

/// Carries out an action on a user.
#[server(prefix = "/_ui/fn", endpoint = "users/change", protocol = JsonPost)]
pub async fn change_user(id: UserId, action: UserAction, version: i64) -> Result<(), ApiError> {
    let call = context()?;
    let (users, actor) = (&call.services.users, &call.actor);
    answer(match action {
        UserAction::Block => users.set_blocked(actor, id, true, Some(version)).await.map(drop),
        UserAction::Unblock => users.set_blocked(actor, id, false, Some(version)).await.map(drop),
        UserAction::Reactivate => users.reactivate(actor, id, Some(version)).await.map(drop),
        UserAction::Delete => users.delete(actor, id).await,
    })
}

/// The people at providers who sign in as a user.
#[server(prefix = "/_ui/fn", endpoint = "users/identity-links", protocol = JsonPost)]
pub async fn list_identity_links(id: UserId) -> Result<Vec<IdentityLink>, ApiError> {
    let call = context()?;
    answer(call.services.users.list_identity_links(&call.actor, id).await)
}

/// Removes a link between a user and a person at a provider.
#[server(prefix = "/_ui/fn", endpoint = "users/remove-identity-link", protocol = JsonPost)]
pub async fn remove_identity_link(id: UserId, link: IdentityLinkId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.users.delete_identity_link(&call.actor, id, link).await)
}

/// The sessions of a user who signed in through a provider.
#[server(prefix = "/_ui/fn", endpoint = "users/sessions", protocol = JsonPost)]
pub async fn list_user_sessions(id: UserId) -> Result<Vec<UserSession>, ApiError> {
    let call = context()?;
    answer(call.services.user_sessions.list(&call.actor, id).await)
}

/// Ends a session of a user.
#[server(prefix = "/_ui/fn", endpoint = "users/revoke-session", protocol = JsonPost)]
pub async fn revoke_user_session(session: UserSessionId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.user_sessions.revoke(&call.actor, session).await)
}

/// Ends all sessions of a user; returns how many there were.
#[server(prefix = "/_ui/fn", endpoint = "users/revoke-sessions", protocol = JsonPost)]
pub async fn revoke_user_sessions(id: UserId) -> Result<u64, ApiError> {
    let call = context()?;
    answer(call.services.user_sessions.revoke_all(&call.actor, id).await)
}
