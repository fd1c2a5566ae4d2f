//! Health: whether the process is alive, and whether it is ready to serve.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::store::{Readiness, Store};

/// Whether the process answers.
pub(super) async fn alive() -> impl IntoResponse {
    Json(json!({ "status": "ok" }))
}

/// Whether the database answers, has every migration, and can be written.
pub(super) async fn ready(State(store): State<Store>) -> impl IntoResponse {
    let reason = match store.readiness().await {
        Readiness::Ready => return (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Readiness::NotMigrated => "migrations are missing; run `vestibule migrate`",
        Readiness::Fault(fault) => fault.explain(),
        Readiness::Failing => "The database failed. The server's log has the details.",
    };
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": reason })))
}
