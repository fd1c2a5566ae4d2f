//! The identifier of an operation: in the header of every answer, and in the body of a refusal.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

use super::error::Refusal;

const OPERATION_ID: HeaderName = HeaderName::from_static("operation-id");

/// Gives each operation an identifier, and writes refusals with it.
pub(super) async fn number(request: Request, next: Next) -> Response {
    let id = Uuid::new_v4();
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        response = refusal.answer(id);
    }
    if response.status().is_server_error() {
        tracing::warn!(operation_id = %id, "an operation of the AVEVA dialect failed");
    }
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(OPERATION_ID, value);
    }
    response
}
