//! The interface for host applications that sign administrators in themselves.

use async_trait::async_trait;
use axum::http::request::Parts;
use vestibule_app::domain::actor::Grant;

/// A user whom the host application has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostUser {
    /// The name that the portal and the audit log show.
    pub name: String,
    /// What they may do; `None` for a user without a role here, to whom the portal says so.
    pub grant: Option<Grant>,
}

impl HostUser {
    /// A user with a role.
    pub fn new(name: impl Into<String>, grant: Grant) -> Self {
        Self { name: name.into(), grant: Some(grant) }
    }

    /// A user who is signed in and may not use the portal.
    pub fn without_role(name: impl Into<String>) -> Self {
        Self { name: name.into(), grant: None }
    }
}

/// Decides who uses the portal and with which role, in place of Vestibule's own sign-in.
///
/// It runs for every request of the portal. Vestibule checks that state-changing requests come from the portal's own
/// origin, so that a host may rely on a cookie.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// The user who sent the request; `None` without a sign-in. Return a user without a role as
    /// [`HostUser::without_role`], so that the portal does not ask them to sign in again.
    async fn authenticate(&self, request: &Parts) -> Option<HostUser>;
}
