//! What the handlers of signing in need.

use axum::http::HeaderMap;
use url::Url;
use vestibule_app::{domain::id::SessionId, service::Services};

use super::cookies::SignInCookies;
use crate::auth::OriginCheck;
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
    pub(super) origin: OriginCheck,
    /// The public address.
    pub(super) base_url: Url,
    /// The mount path, without a slash at its end.
    pub(super) mount: String,
}

impl SignInState {
    pub(super) fn new(services: Services, base_url: &Url) -> Self {
        Self {
            services,
            cookies: SignInCookies::new(base_url),
            #[cfg(feature = "portal")]
            portal: SessionCookie::new(base_url),
            origin: OriginCheck::new(base_url),
            base_url: base_url.clone(),
            mount: base_url.path().trim_end_matches('/').to_owned(),
        }
    }

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
