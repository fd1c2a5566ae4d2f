//! What the handlers of signing in need.

use std::sync::Arc;

use axum::http::HeaderMap;
use url::Url;
use vestibule_app::service::Services;

use super::{cookies::SignInCookies, hook::SignInHook};
use crate::auth::OriginCheck;
#[cfg(feature = "portal")]
use crate::auth::SessionCookie;

/// What the handlers need.
#[derive(Clone)]
pub(super) struct SignInState {
    pub(super) services: Services,
    pub(super) cookies: SignInCookies,
    /// Finds the browser in which a test was begun.
    #[cfg(feature = "portal")]
    pub(super) portal: SessionCookie,
    pub(super) origin: OriginCheck,
    /// The public address.
    pub(super) base_url: Url,
    /// The mount path, without a slash at its end.
    pub(super) mount: String,
    /// What the application does after a sign-in.
    pub(super) hook: Option<Arc<dyn SignInHook>>,
}

impl SignInState {
    pub(super) fn new(services: Services, base_url: &Url, hook: Option<Arc<dyn SignInHook>>) -> Self {
        Self {
            services,
            cookies: SignInCookies::new(base_url),
            #[cfg(feature = "portal")]
            portal: SessionCookie::new(base_url),
            origin: OriginCheck::new(base_url),
            base_url: base_url.clone(),
            mount: base_url.path().trim_end_matches('/').to_owned(),
            hook,
        }
    }

    /// What the portal set in the browser that sent a request, so that a test can begin there.
    #[cfg(feature = "portal")]
    pub(super) fn test_cookie(&self, headers: &HeaderMap) -> Option<String> {
        self.portal.read_test(headers)
    }

    /// Without the portal there is none.
    #[cfg(not(feature = "portal"))]
    #[expect(clippy::unused_self, reason = "with the portal it knows the cookie's name")]
    pub(super) const fn test_cookie(&self, _: &HeaderMap) -> Option<String> {
        None
    }
}
