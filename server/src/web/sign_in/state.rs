//! What the handlers of signing in need.

use std::sync::Arc;

use url::Url;
use vestibule_app::service::Services;

use super::{cookies::SignInCookies, hook::SignInHook};
use crate::auth::OriginCheck;

/// What the handlers need.
#[derive(Clone)]
pub(super) struct SignInState {
    pub(super) services: Services,
    pub(super) cookies: SignInCookies,
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
            origin: OriginCheck::new(base_url),
            base_url: base_url.clone(),
            mount: base_url.path().trim_end_matches('/').to_owned(),
            hook,
        }
    }
}
