//! What the handlers of signing in need.

use axum::http::HeaderMap;
use vestibule_app::{domain::id::SessionId, service::Services};

use super::cookies::SignInCookies;
#[cfg(feature = "portal")]
use crate::auth::SessionCookie;

/// What the handlers need.
#[derive(Clone)]
pub(super) struct SignInState {
    pub(super) services: Services,
    pub(super) cookies: SignInCookies,
    /// Finds the administrator whose browser begins a test.
    #[cfg(feature = "portal")]
    pub(super) portal: SessionCookie,
    /// The mount path, without a slash at its end.
    pub(super) mount: String,
}

impl SignInState {
    /// The session of the portal in the browser that sent a request.
    #[cfg(feature = "portal")]
    pub(super) async fn portal_session(&self, headers: &HeaderMap) -> Option<SessionId> {
        let value = self.portal.read(headers)?;
        // A session that cannot be read counts as none: the test then does not begin.
        let (session, _) = self.services.sessions.resume(&value).await.ok()??;
        Some(session)
    }

    /// Without the portal there is none.
    #[cfg(not(feature = "portal"))]
    #[expect(clippy::unused_async, reason = "with the portal it waits for the database")]
    pub(super) async fn portal_session(&self, _: &HeaderMap) -> Option<SessionId> {
        None
    }
}
