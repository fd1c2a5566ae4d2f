//! The door for a host application that signs administrators in itself.

use async_trait::async_trait;
use axum::http::request::Parts;
use vestibule_app::domain::actor::Grant;

/// Somebody whom the host application vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostUser {
    /// The name that the portal and the audit log show.
    pub name: String,
    /// What they may do.
    pub grant: Grant,
}

/// Decides who an administrator is, in place of Vestibule's own sign-in.
///
/// It is asked for every request of the portal. Where the host's own sign-in rests on a cookie, Vestibule's check that
/// state-changing requests come from the portal's own origin applies to it as well.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Who the request comes from; nobody when the host does not know them as an administrator.
    async fn authenticate(&self, request: &Parts) -> Option<HostUser>;
}
