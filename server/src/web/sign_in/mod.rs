//! Signing in and out: `/login`, the callback that providers send browsers back to, and `/logout`. Pages are rendered here, work without
//! scripts, and show nothing technical: administrators find the reason of a failure under its reference.

mod callback;
mod choice;
mod cookies;
mod hook;
mod login;
mod logout;
mod page;
mod query;
mod state;

use std::sync::Arc;

use axum::{
    Router,
    routing::{any, get},
};
use url::Url;
use vestibule_app::service::Services;

pub use self::hook::{AfterSignIn, SignInHook};
use self::state::SignInState;
pub(super) use self::{cookies::SignInCookies, query::write as write_query};

pub(super) fn router(services: Services, base_url: &Url, hook: Option<Arc<dyn SignInHook>>) -> Router {
    let state = SignInState::new(services, base_url, hook);
    Router::new()
        .route("/login", get(login::begin))
        .route("/login/test", get(login::begin_test))
        .route("/callback/{provider}", any(callback::answer))
        .route("/logout", any(logout::answer))
        .with_state(state)
}
