//! Server functions: resolves the caller, checks where the request comes from, and calls Leptos. Nothing is decided here.

use axum::{
    Json,
    body::{Body, Bytes, to_bytes},
    extract::{Extension, Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{RETRY_AFTER, USER_AGENT},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;
use std::{net::IpAddr, sync::Arc};
use vestibule_app::{
    api::{ApiError, CallContext},
    domain::{actor::Actor, problem::ServiceError},
};

use crate::{
    auth::{OriginCheck, PortalCallers},
    request::{BodyTooSlow, ClientAddress, media_type},
};

/// What answering a server function needs.
#[derive(Clone)]
pub(super) struct ServerFns {
    pub(super) callers: PortalCallers,
    pub(super) origin: OriginCheck,
    /// Where the host application signs users in.
    pub(super) sign_in_url: Option<Arc<str>>,
}

/// Largest request of the portal, in bytes.
pub(super) const MAX_BODY: usize = 512 * 1024;

/// Largest metadata that is pasted, in bytes: a document of a megabyte with its quotes escaped.
const MAX_METADATA: usize = 2 * 1024 * 1024;

pub(super) async fn handle(
    State(state): State<ServerFns>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let actor = match admit(&state, &parts, address).await {
        Ok(actor) => actor,
        Err(refusal) => return *refusal,
    };
    let is_metadata = !actor.is_anonymous() && parts.uri.path().ends_with("/saml-metadata/read");
    let bytes = match read_body(body, if is_metadata { MAX_METADATA } else { MAX_BODY }).await {
        Ok(bytes) => bytes,
        Err(refusal) => return *refusal,
    };
    let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let context = CallContext {
        services: state.callers.services.clone(),
        actor,
        cookies: Arc::new(state.callers.cookie.clone()),
        user_agent,
        host_signs_in: state.callers.host.is_some(),
        sign_in_url: state.sign_in_url.clone(),
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

/// Checks where a request comes from and what it is, and resolves who calls.
pub(super) async fn admit(state: &ServerFns, parts: &Parts, address: Option<IpAddr>) -> Result<Actor, Box<Response>> {
    let carries_rights = state.callers.host.is_some() || state.callers.cookie.read(&parts.headers).is_some();
    if let Err(error) = state.origin.check(&parts.headers, carries_rights) {
        tracing::warn!(%error, "refused a request from elsewhere");
        return Err(Box::new(refuse(StatusCode::FORBIDDEN, ApiError::WrongOrigin(error.expected))));
    }
    // A form post would be answered with a redirect to wherever it came from.
    if media_type(&parts.headers) != "application/json" {
        let error = ApiError::BadRequest("send application/json".to_owned());
        return Err(Box::new(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, error)));
    }
    state.callers.resolve(parts, address).await.map_err(|error| Box::new(refuse_service(error)))
}

pub(super) async fn read_body(body: Body, limit: usize) -> Result<Bytes, Box<Response>> {
    to_bytes(body, limit).await.map_err(|error| {
        let (status, what) = match BodyTooSlow::is_cause_of(&error) {
            true => (StatusCode::REQUEST_TIMEOUT, BodyTooSlow.to_string()),
            false => (StatusCode::PAYLOAD_TOO_LARGE, format!("more than {limit} bytes")),
        };
        Box::new(refuse(status, ApiError::BadRequest(what)))
    })
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

pub(super) fn refuse_service(error: ServiceError) -> Response {
    let wait = match &error {
        ServiceError::TooManyRequests { retry_after_seconds } => Some(*retry_after_seconds),
        _ => None,
    };
    let error = ApiError::Service(error);
    let mut response = refuse(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

pub(super) fn refuse(status: StatusCode, error: ApiError) -> Response {
    (status, [(SERVER_FN_ERROR_HEADER, "")], Json(error)).into_response()
}
