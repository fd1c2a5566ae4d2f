//! Whether the process lives, and whether it can serve.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::store::{Readiness, Store};

/// The process answers.
pub(super) async fn alive() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// The database answers, has every migration, and stores.
pub(super) async fn ready(State(store): State<Store>) -> impl IntoResponse {
    let reason = match store.readiness().await {
        Readiness::Ready => return (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Readiness::NotMigrated => "migrations are missing; run `vestibule migrate`",
        Readiness::Fault(fault) => fault.explain(),
        Readiness::Failing => "The database failed. The server's log has the details.",
    };
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": reason })))
}
