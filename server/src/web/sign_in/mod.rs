//! Signing in and out: `/login`, the callback that providers send browsers back to, and `/logout`. Pages are rendered here, work without
//! scripts, and show nothing technical: administrators find the reason of a failure under its reference.

mod callback;
mod cookies;
mod login;
mod logout;
mod page;
mod query;
mod state;

use axum::{
    Router,
    routing::{any, get},
};
use url::Url;
use vestibule_app::service::Services;

use self::state::SignInState;
pub(super) use self::{cookies::SignInCookies, query::write as write_query};

pub(super) fn router(services: Services, base_url: &Url) -> Router {
    let state = SignInState::new(services, base_url);
    Router::new()
        .route("/login", get(login::begin))
        .route("/login/test", get(login::begin_test))
        .route("/callback/{provider}", any(callback::answer))
        .route("/logout", any(logout::answer))
        .with_state(state)
}
