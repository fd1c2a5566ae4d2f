//! Traces of sign-ins and tests: an API of Vestibule's own, in the envelopes and with the callers of the dialect around it. It is
//! mounted beside whichever dialects are.

mod document;
mod dto;
mod handlers;

pub(crate) use document::DESCRIPTION;
pub(super) use dto::{Admission, Attempt, TestStart, Trace};

use axum::{
    Router,
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use super::surroundings;
use crate::rest::RestState;

/// The routes. Their paths are none of the dialect's.
pub(crate) fn router(state: RestState) -> Router {
    Router::new()
        .route("/api/v1/admin/sign-ins/", get(handlers::list))
        .route("/api/v1/admin/sign-ins/{reference}", get(handlers::retrieve))
        .route("/api/v1/admin/sign-ins/{reference}/admit", post(handlers::admit))
        .route("/api/v1/admin/sign-ins/test/{idp_id}", post(handlers::test))
        .method_not_allowed_fallback(surroundings::refuse_method)
        .layer(CatchPanicLayer::custom(surroundings::panicked))
        .with_state(state)
}
