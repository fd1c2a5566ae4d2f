//! AVEVA Data Hub's API for identity providers, as OSIsoft Cloud Services described it in February 2019.
//!
//! Seven operations below `/api/IdentityProvider/` and `/api/Tenants/{tenantId}/IdentityProvider/`. They read providers
//! and link them to tenants; nothing here creates, changes or deletes a provider. What differs from the original is
//! written down in `docs/reference/api-aveva.md`.

mod auth;
mod document;
mod dto;
mod error;
mod operation;
mod page;
mod providers;
mod roles;
mod segments;
mod shapes;
mod spelling;
mod target;
mod tenants;

pub use document::DESCRIPTION;
pub use spelling::in_any_spelling;

use axum::{
    Router, middleware,
    routing::{any, get},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::rest::RestState;

/// The routes of the dialect. Paths begin with `/api/IdentityProvider` and `/api/Tenants`; a router that holds them
/// goes through [`in_any_spelling`].
pub fn router(state: RestState) -> Router {
    Router::new()
        .route("/api/IdentityProvider/", get(providers::list).fallback(error::refuse_reading_method))
        .route(
            "/api/IdentityProvider/schemes/{scheme}",
            get(providers::by_scheme).fallback(error::refuse_reading_method),
        )
        .route("/api/IdentityProvider/{provider}", get(providers::retrieve).fallback(error::refuse_reading_method))
        .route("/api/IdentityProvider/{provider}/{*rest}", any(error::refuse_path))
        .route("/api/Tenants/{tenant}/IdentityProvider/", get(tenants::list).fallback(error::refuse_reading_method))
        .route(
            "/api/Tenants/{tenant}/IdentityProvider/{provider}",
            get(tenants::retrieve).post(tenants::add).delete(tenants::remove).fallback(error::refuse_linking_method),
        )
        .route("/api/Tenants/{tenant}/IdentityProvider/{provider}/{*rest}", any(error::refuse_path))
        .route_layer(CatchPanicLayer::custom(error::panicked))
        .route_layer(middleware::from_fn(operation::number))
        .with_state(state)
}
