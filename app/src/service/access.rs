//! Services about access: tokens, administrators, sessions, the first run.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::{Actor, Grant},
    administrator::{Administrator, NewAdministrator},
    id::{AdministratorId, SessionId, TokenId},
    page::{Page, PageRequest},
    secret::Secret,
    session::SessionSummary,
    token::{ApiToken, NewApiToken},
};

/// Manages API tokens.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// A page of them, newest first; revoked ones are gone.
    async fn list(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<ApiToken>>;

    /// Creates a token. Its secret is returned this once.
    async fn create(&self, actor: &Actor, new: NewApiToken) -> ServiceResult<(ApiToken, Secret)>;

    /// Revokes a token; the next request with it is rejected.
    async fn revoke(&self, actor: &Actor, id: TokenId) -> ServiceResult<()>;

    /// The token behind a secret; `Unauthenticated` for unknown, revoked and expired ones. Takes no actor: the token
    /// says who calls.
    async fn authenticate(&self, token: &str) -> ServiceResult<ApiToken>;
}

/// Manages the people who sign in to the portal.
#[async_trait]
pub trait Administrators: Send + Sync {
    /// A page of them, by e-mail address.
    async fn list(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<Administrator>>;

    /// Creates one.
    async fn create(&self, actor: &Actor, new: NewAdministrator) -> ServiceResult<Administrator>;

    /// Changes what one may do. The last platform administrator keeps the role.
    async fn set_grant(
        &self,
        actor: &Actor,
        id: AdministratorId,
        grant: Grant,
        expected_version: i64,
    ) -> ServiceResult<Administrator>;

    /// Removes one and ends their sessions. The last platform administrator stays.
    async fn delete(&self, actor: &Actor, id: AdministratorId) -> ServiceResult<()>;

    /// Sets a new password for the address and ends the person's sessions, for the command line.
    async fn reset_password(&self, actor: &Actor, email: &str, password: Secret) -> ServiceResult<()>;
}

/// A session that began.
#[derive(Debug, Clone)]
pub struct SessionStart {
    /// What the cookie holds.
    pub cookie: Secret,
    /// Who signed in.
    pub administrator: Administrator,
}

/// Manages portal sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Signs an administrator in. Repeated attempts slow down by account and by address; no account is ever locked.
    async fn sign_in(
        &self,
        actor: &Actor,
        email: &str,
        password: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart>;

    /// The session and the administrator of a cookie; `None` when the session is unknown or expired. Takes no actor:
    /// the cookie says who calls.
    async fn resume(&self, cookie: &str) -> ServiceResult<Option<(SessionId, Administrator)>>;

    /// Ends the caller's session.
    async fn sign_out(&self, actor: &Actor) -> ServiceResult<()>;

    /// The caller's own sessions, the last used first.
    async fn list(&self, actor: &Actor) -> ServiceResult<Vec<SessionSummary>>;

    /// Ends one of the caller's own sessions.
    async fn revoke(&self, actor: &Actor, id: SessionId) -> ServiceResult<()>;

    /// Changes the caller's own password, ends the other sessions and renews this one.
    async fn change_password(
        &self,
        actor: &Actor,
        current: Secret,
        new: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart>;
}

/// The first run: creating the first administrator through a one-time link.
///
/// [`Self::is_open`] and [`Self::issue`] take no actor: before the first administrator exists there is no caller with a
/// permission. The portal asks the first before sign-in; the process itself calls the second and logs the link.
#[async_trait]
pub trait SetUp: Send + Sync {
    /// Whether the first administrator is still to be created.
    async fn is_open(&self) -> ServiceResult<bool>;

    /// Issues the one-time secret of the link and voids earlier ones; `None` once an administrator exists.
    async fn issue(&self) -> ServiceResult<Option<Secret>>;

    /// Creates the first administrator and signs them in.
    async fn complete(
        &self,
        actor: &Actor,
        link_secret: Secret,
        email: &str,
        password: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart>;
}
