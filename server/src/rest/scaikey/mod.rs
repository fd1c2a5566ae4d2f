//! ScaiKey's API for identity providers: nine operations of its administration, nine of a tenant, and the operations on
//! tenants, groups and users that go with them.
//!
//! Every operation needs a bearer token and says itself who may call it; all of them answer in ScaiKey's envelopes and
//! refuse in FastAPI's shapes. Where the original's documents are silent,
//! `docs/reference/api-scaikey.md` says what was chosen.

mod admin;
mod answer;
mod auth;
mod body;
mod connection;
mod date;
mod document;
mod dto;
mod error;
mod group_mappings;
mod groups;
mod input;
mod ldap;
mod lookup;
mod members;
mod path;
mod query;
mod resource;
mod shapes;
pub(crate) mod sign_ins;
mod surroundings;
mod sync;
mod tenant_providers;
mod tenants;
mod users;
mod words;
mod write;

pub(crate) use document::DESCRIPTION;

use axum::{
    Router,
    routing::{any, delete, get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::rest::RestState;

/// The routes of the dialect. Paths begin with `/api/v1`.
pub(crate) fn router(state: RestState) -> Router {
    Router::new()
        .route("/api/v1/admin/identity-providers/", get(admin::list).post(admin::create))
        .route(
            "/api/v1/admin/identity-providers/{idp_id}",
            get(admin::retrieve).patch(admin::update).delete(admin::destroy),
        )
        .route("/api/v1/admin/identity-providers/{idp_id}/sync", post(sync::start))
        .route("/api/v1/admin/identity-providers/{idp_id}/sync-logs", get(sync::list))
        .route("/api/v1/admin/identity-providers/{idp_id}/sync-logs/{log_id}", get(sync::retrieve))
        .route("/api/v1/admin/identity-providers/{idp_id}/test", post(connection::test))
        .route("/api/v1/admin/tenants/", get(tenants::list).post(tenants::create))
        .route(
            "/api/v1/admin/tenants/{tenant_id}",
            get(tenants::retrieve).patch(tenants::update).delete(tenants::destroy),
        )
        .route("/api/v1/admin/groups/", get(groups::list).post(groups::create))
        .route("/api/v1/admin/groups/{group_id}", get(groups::retrieve).patch(groups::update).delete(groups::destroy))
        .route("/api/v1/admin/users/", get(users::list))
        .route("/api/v1/admin/users/{user_id}", get(users::retrieve).patch(users::update))
        .route(
            "/api/v1/tenants/{tenant_id}/identity-providers/",
            get(tenant_providers::list).post(tenant_providers::create),
        )
        .route(
            "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}",
            get(tenant_providers::retrieve).patch(tenant_providers::update).delete(tenant_providers::destroy),
        )
        .route(
            "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings",
            get(group_mappings::list).post(group_mappings::create),
        )
        .route(
            "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings/{mapping_id}",
            delete(group_mappings::destroy),
        )
        .route("/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/test", post(connection::test_for_tenant))
        .route("/api/v1/{*rest}", any(surroundings::redirect_or_refuse))
        .method_not_allowed_fallback(surroundings::refuse_method)
        .layer(CatchPanicLayer::custom(surroundings::panicked))
        .with_state(state)
}
