//! Server functions: resolves the caller, checks where the request comes from, and hands over.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Extension, Request, State},
    http::{StatusCode, header::USER_AGENT},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;
use std::sync::Arc;
use vestibule_app::{
    api::{ApiError, CallContext},
    domain::problem::ServiceError,
};

use crate::{
    auth::{Callers, OriginCheck},
    rest::http::ClientAddress,
};

/// What answering a server function needs.
#[derive(Clone)]
pub(super) struct ServerFns {
    pub(super) callers: Callers,
    pub(super) origin: OriginCheck,
}

/// Largest request of the portal, in bytes.
const MAX_BODY: usize = 512 * 1024;

pub(super) async fn handle(
    State(state): State<ServerFns>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let carries_rights = state.callers.host.is_some() || state.callers.cookie.read(&parts.headers).is_some();
    if let Err(error) = state.origin.check(&parts.headers, carries_rights) {
        tracing::warn!(%error, "refused a request from elsewhere");
        return refuse(StatusCode::FORBIDDEN, ApiError::WrongOrigin(error.expected));
    }
    // A form post would be answered with a redirect to wherever it came from.
    let is_json =
        parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        let error = ApiError::BadRequest("send application/json".to_owned());
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
    }
    let actor = match state.callers.resolve(&parts, address).await {
        Ok(actor) => actor,
        Err(error) => return refuse_service(error),
    };
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        let error = ApiError::BadRequest(format!("more than {MAX_BODY} bytes"));
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, error);
    };
    let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let context = CallContext {
        services: state.callers.services.clone(),
        actor,
        cookies: Arc::new(state.callers.cookie.clone()),
        user_agent,
        host_signs_in: state.callers.host.is_some(),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(context.clone()), request).await;
    let mut response = answer.into_response();
    // What could not even be decoded is the caller's fault; left alone it would be a 500.
    let is_error = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if is_error && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        response = judge_error(response).await;
    }
    response
}

async fn judge_error(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    if let Ok(error) = serde_json::from_slice::<ApiError>(&bytes)
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        parts.status = status;
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn refuse_service(error: ServiceError) -> Response {
    let error = ApiError::Service(error);
    refuse(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error)
}

fn refuse(status: StatusCode, error: ApiError) -> Response {
    (status, [(SERVER_FN_ERROR_HEADER, "")], Json(error)).into_response()
}
