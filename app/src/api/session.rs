//! Signing in and out, and the caller's own password and sessions.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, wire::SecretInput};
#[cfg(feature = "ssr")]
use crate::domain::actor::Identity;
use crate::domain::{
    id::SessionId,
    session::{CurrentUser, SessionSummary},
};

/// What the portal reads first: who is signed in, and whether the first administrator has been created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Who is signed in; `None` without a session.
    pub user: Option<CurrentUser>,
    /// Whether the first administrator has not been created yet.
    pub needs_set_up: bool,
    /// Whether the host application signs users in.
    pub host_signs_in: bool,
    /// Where the host application signs users in, if it says so.
    pub sign_in_url: Option<String>,
    /// The name of a user whom the host application has signed in and given no role.
    pub without_role: Option<String>,
    /// The server's version.
    pub version: String,
}

/// Who is signed in.
#[server(prefix = "/_ui/fn", endpoint = "session/status", protocol = JsonPost)]
pub async fn session_status() -> Result<Status, ApiError> {
    let call = context()?;
    let user = call.actor.grant.clone().map(|grant| CurrentUser {
        name: call.actor.name(),
        grant,
        has_password: matches!(call.actor.identity, Identity::Administrator { .. }),
    });
    let needs_set_up = user.is_none() && !call.host_signs_in && answer(call.services.set_up.is_open().await)?;
    let without_role = match &call.actor.identity {
        Identity::Host { name } if user.is_none() => Some(name.clone()),
        _ => None,
    };
    let sign_in_url = call.sign_in_url.as_deref().map(str::to_owned);
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Status { user, needs_set_up, host_signs_in: call.host_signs_in, sign_in_url, without_role, version })
}

/// Signs in with email and password.
#[server(prefix = "/_ui/fn", endpoint = "session/sign-in", protocol = JsonPost)]
pub async fn sign_in(email: String, password: SecretInput) -> Result<(), ApiError> {
    let call = context()?;
    let sessions = &call.services.sessions;
    let start = answer(sessions.sign_in(&call.actor, &email, password.into(), &call.user_agent).await)?;
    call.set_cookie(Some(&start.cookie));
    Ok(())
}

/// Ends this session.
#[server(prefix = "/_ui/fn", endpoint = "session/sign-out", protocol = JsonPost)]
pub async fn sign_out() -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.sessions.sign_out(&call.actor).await)?;
    call.set_cookie(None);
    Ok(())
}

/// Changes the caller's own password.
#[server(prefix = "/_ui/fn", endpoint = "session/change-password", protocol = JsonPost)]
pub async fn change_password(current: SecretInput, new: SecretInput) -> Result<(), ApiError> {
    let call = context()?;
    let sessions = &call.services.sessions;
    let renewed = sessions.change_password(&call.actor, current.into(), new.into(), &call.user_agent).await;
    call.set_cookie(Some(&answer(renewed)?.cookie));
    Ok(())
}

/// The caller's own sessions.
#[server(prefix = "/_ui/fn", endpoint = "session/list", protocol = JsonPost)]
pub async fn list_sessions() -> Result<Vec<SessionSummary>, ApiError> {
    let call = context()?;
    answer(call.services.sessions.list(&call.actor).await)
}

/// Ends one of the caller's own sessions.
#[server(prefix = "/_ui/fn", endpoint = "session/revoke", protocol = JsonPost)]
pub async fn revoke_session(id: SessionId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.sessions.revoke(&call.actor, id).await)
}
