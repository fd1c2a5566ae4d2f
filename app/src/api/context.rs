//! The context of a server function's call.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::ApiError;
use crate::{
    domain::{actor::Actor, problem::ServiceError, secret::Secret},
    service::Services,
};

/// Writes cookies as the server is configured.
pub trait CookieWriter: Send + Sync {
    /// The header that lets a test sign-in begin in this browser.
    fn write_test(&self, value: &Secret) -> HeaderValue;

    /// The header that sets the cookie, or removes it without a value.
    fn write(&self, value: Option<&Secret>) -> HeaderValue;
}

/// The context of a server function's call.
#[derive(Clone)]
pub struct CallContext {
    /// The services.
    pub services: Services,
    /// The caller.
    pub actor: Actor,
    /// Writes cookies.
    pub cookies: Arc<dyn CookieWriter>,
    /// The browser's user agent.
    pub user_agent: String,
    /// Whether the host application signs users in.
    pub host_signs_in: bool,
    /// Where it does, if it says so.
    pub sign_in_url: Option<Arc<str>>,
}

impl CallContext {
    /// Lets a test sign-in begin in this browser.
    pub fn set_test_cookie(&self, value: &Secret) {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.append_header(header::SET_COOKIE, self.cookies.write_test(value));
        }
    }

    /// Sets or removes the session cookie with the response.
    pub fn set_cookie(&self, value: Option<&Secret>) {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.append_header(header::SET_COOKIE, self.cookies.write(value));
        }
    }
}

/// The context of the current call.
pub(super) fn context() -> Result<CallContext, ApiError> {
    use_context::<CallContext>().ok_or(ApiError::Service(ServiceError::Unauthenticated))
}

/// Converts a result, and gives the response the HTTP status of its error.
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
