//! What the handlers of signing in need.

use vestibule_app::service::Services;

use super::cookies::SignInCookies;

/// What the handlers need.
#[derive(Clone)]
pub(super) struct SignInState {
    pub(super) services: Services,
    pub(super) cookies: SignInCookies,
    /// The mount path, without a slash at its end.
    pub(super) mount: String,
}
