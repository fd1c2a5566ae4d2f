//! Users of tenants.

#[cfg(feature = "ssr")]
pub(super) mod words;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, table::Row};
use crate::domain::id::UserId;

/// One user with links and groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReport {
    /// The name to show.
    pub name: String,
    /// Whether the user may sign in: `label` says how the user stands, `texts` why, `at` since when.
    pub standing: Row,
    /// What is known of the person. A fact with an `id` leads to the tenant.
    pub facts: Vec<Row>,
    /// Where directories have the user. `texts[0]` is what identifies the entry.
    pub links: Vec<Row>,
    /// Groups of the tenant, then of directories, which `note` places.
    pub groups: Vec<Row>,
    /// Whether an administrator keeps the user out.
    pub is_blocked: bool,
    /// Whether the user was deactivated and a directory has the user switched on, so that reactivating makes sense.
    pub may_return: bool,
    /// Whether no directory has the user any more, so that deleting makes sense.
    pub may_go: bool,
    /// Counts the changes.
    pub version: i64,
}

/// One user with links and groups.
#[server(prefix = "/_ui/fn", endpoint = "users/get", protocol = JsonPost)]
pub async fn get_user(id: UserId) -> Result<UserReport, ApiError> {
    let call = context()?;
    let detail = answer(call.services.users.get(&call.actor, id).await)?;
    let names = answer(call.services.users.names(&call.actor, std::slice::from_ref(&detail.user)).await)?;
    Ok(words::report(detail, &names))
}

/// What an administrator does to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserDeed {
    /// Keeps the user out.
    Block,
    /// Keeps the user out no longer.
    Unblock,
    /// Lets a user in again whom a synchronisation deactivated.
    Reactivate,
    /// Removes a user whom no directory has any more.
    Delete,
}

/// Does this to a user.
#[server(prefix = "/_ui/fn", endpoint = "users/change", protocol = JsonPost)]
pub async fn change_user(id: UserId, deed: UserDeed, version: i64) -> Result<(), ApiError> {
    let call = context()?;
    let (users, actor) = (&call.services.users, &call.actor);
    answer(match deed {
        UserDeed::Block => users.set_blocked(actor, id, true, Some(version)).await.map(drop),
        UserDeed::Unblock => users.set_blocked(actor, id, false, Some(version)).await.map(drop),
        UserDeed::Reactivate => users.reactivate(actor, id, Some(version)).await.map(drop),
        UserDeed::Delete => users.delete(actor, id).await,
    })
}
