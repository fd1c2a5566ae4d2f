//! Users of tenants.

mod report;
#[cfg(feature = "ssr")]
pub(super) mod rows;

pub use report::UserReport;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::id::UserId;

/// One user with links and groups.
#[server(prefix = "/_ui/fn", endpoint = "users/get", protocol = JsonPost)]
pub async fn get_user(id: UserId) -> Result<UserReport, ApiError> {
    let call = context()?;
    let detail = answer(call.services.users.get(&call.actor, id).await)?;
    let names = answer(call.services.users.names(&call.actor, std::slice::from_ref(&detail.user)).await)?;
    Ok(rows::report(detail, &names))
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
