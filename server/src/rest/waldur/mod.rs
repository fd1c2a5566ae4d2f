//! Waldur's API for identity providers, compatible with its published clients.
//!
//! Nine operations below `/api/identity-providers/`. They see the platform-wide OpenID providers and nothing else.
//! What differs from the original is written down in `docs/reference/api-waldur.md`.

mod auth;
mod body;
mod defaults;
mod discovery;
mod document;
mod dto;
mod error;
mod fields;
mod input;
mod key;
mod page;
mod providers;
mod shapes;
mod suggestions;
mod surroundings;
mod write;

use axum::{
    Router,
    routing::{any, get, post},
};

pub(crate) use document::DESCRIPTION;
pub(crate) use key::RESERVED_SLUGS;

use crate::rest::RestState;

/// The routes of the dialect. Paths begin with `/api/identity-providers`.
pub(crate) fn router(state: RestState) -> Router {
    use surroundings as around;
    Router::new()
        .route("/api/identity-providers", any(around::add_slash))
        .route("/api/identity-providers/{provider}", any(around::add_slash_to_key))
        .route(
            "/api/identity-providers/",
            get(providers::list)
                .post(providers::create)
                .options(around::describe_list)
                .fallback(around::refuse_list_method),
        )
        .route(
            "/api/identity-providers/{provider}/",
            get(providers::retrieve)
                .put(providers::update)
                .patch(providers::partial_update)
                .delete(providers::destroy)
                .options(around::describe_instance)
                .fallback(around::refuse_instance_method),
        )
        .route(
            "/api/identity-providers/discover_metadata/",
            post(discovery::discover_metadata)
                .options(around::describe_discovery)
                .fallback(around::refuse_action_method),
        )
        .route(
            "/api/identity-providers/generate-mapping/",
            post(discovery::generate_mapping)
                .options(around::describe_generation)
                .fallback(around::refuse_action_method),
        )
        .route("/api/identity-providers/{provider}/{*rest}", any(around::refuse_path))
        .with_state(state)
}
