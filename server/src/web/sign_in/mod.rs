//! Signing in: `/login`, and the callback that providers send browsers back to. Pages are rendered here, work without
//! scripts, and show nothing technical: administrators find the reason of a failure under its reference.

mod callback;
mod cookies;
mod login;
mod page;
mod query;
mod state;

use axum::{
    Router,
    http::HeaderMap,
    routing::{any, get},
};
use url::Url;
use vestibule_app::service::Services;

use self::{cookies::SignInCookies, state::SignInState};
#[cfg(feature = "portal")]
use crate::auth::SessionCookie;

pub(super) fn router(services: Services, base_url: &Url) -> Router {
    let mount = base_url.path().trim_end_matches('/').to_owned();
    let state = SignInState {
        services,
        cookies: SignInCookies::new(base_url),
        #[cfg(feature = "portal")]
        portal: SessionCookie::new(base_url),
        mount,
    };
    Router::new()
        .route("/login", get(login::begin))
        .route("/login/test/{ticket}", get(login::begin_test))
        .route("/callback/{provider}", any(callback::answer))
        .with_state(state)
}

/// The cookie of a user's session.
pub(super) fn session(base_url: &Url, headers: &HeaderMap) -> Option<String> {
    SignInCookies::new(base_url).session(headers)
}
