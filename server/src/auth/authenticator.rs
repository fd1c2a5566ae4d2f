//! The interface for host applications that sign administrators in themselves.

use async_trait::async_trait;
use axum::http::request::Parts;
use vestibule_app::domain::actor::Grant;

/// An administrator whom the host application has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostUser {
    /// The name that the portal and the audit log show.
    pub name: String,
    /// What they may do.
    pub grant: Grant,
}

/// Decides who an administrator is, in place of Vestibule's own sign-in.
///
/// It runs for every request of the portal. Vestibule checks that state-changing requests come from the portal's own
/// origin, so that a host may rely on a cookie.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// The administrator who sent the request; `None` when the host has signed in no administrator.
    async fn authenticate(&self, request: &Parts) -> Option<HostUser>;
}
