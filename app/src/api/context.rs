//! What a server function finds about its call.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::ApiError;
use crate::{
    domain::{actor::Actor, problem::ServiceError, secret::Secret},
    service::Services,
};

/// Writes the session cookie the way the server is configured.
pub trait CookieWriter: Send + Sync {
    /// The header that sets the cookie, or removes it when there is no value.
    fn write(&self, value: Option<&Secret>) -> HeaderValue;
}

/// What a server function finds about its call.
#[derive(Clone)]
pub struct CallContext {
    /// The door to the core.
    pub services: Services,
    /// Who calls.
    pub actor: Actor,
    /// Writes the session cookie.
    pub cookies: Arc<dyn CookieWriter>,
    /// The browser, as it named itself.
    pub user_agent: String,
    /// Whether sign-in is the host application's business.
    pub host_signs_in: bool,
}

impl CallContext {
    /// Sets or removes the session cookie with the answer.
    pub fn set_cookie(&self, value: Option<&Secret>) {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.append_header(header::SET_COOKIE, self.cookies.write(value));
        }
    }
}

/// The context of the running call.
pub(super) fn context() -> Result<CallContext, ApiError> {
    use_context::<CallContext>().ok_or(ApiError::Service(ServiceError::Unauthenticated))
}

/// Gives an answer the HTTP status of its error.
pub(super) fn answer<T>(result: Result<T, ServiceError>) -> Result<T, ApiError> {
    result.map_err(|error| {
        let error = ApiError::Service(error);
        if let Some(options) = use_context::<ResponseOptions>() {
            if let Ok(status) = StatusCode::from_u16(error.status()) {
                options.set_status(status);
            }
            if let ApiError::Service(ServiceError::TooManyRequests { retry_after_seconds }) = &error {
                options.insert_header(HeaderName::from_static("retry-after"), HeaderValue::from(*retry_after_seconds));
            }
        }
        error
    })
}
