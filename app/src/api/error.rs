//! The error of server functions.

use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

use crate::domain::{
    problem::{Problem, ServiceError},
    words::counted,
};

/// Why a server function failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// The service rejected the call or failed.
    #[error("{0}")]
    Service(ServiceError),
    /// The request could not be parsed; most likely portal and server are of different versions.
    #[error("the server did not understand the request: {0}")]
    BadRequest(String),
    /// The portal was opened at another address than the configured one.
    #[error("this request does not come from the portal at {0}")]
    WrongOrigin(String),
    /// The server could not be reached.
    #[error("the server cannot be reached")]
    Offline,
}

impl ApiError {
    /// The problems of single fields.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Service(ServiceError::Invalid { problems }) => problems,
            Self::Service(_) | Self::BadRequest(_) | Self::WrongOrigin(_) | Self::Offline => &[],
        }
    }

    /// Whether the caller must sign in.
    pub const fn is_unauthenticated(&self) -> bool {
        matches!(self, Self::Service(ServiceError::Unauthenticated))
    }

    /// What happened and what to do, as sentences.
    pub fn explain(&self) -> String {
        match self {
            Self::Offline => "The server cannot be reached. Check your connection and try again.".to_owned(),
            Self::WrongOrigin(expected) => {
                format!("This portal is only available at {expected}. Open it at that URL.")
            }
            Self::BadRequest(_) => "The portal and the server are of different versions. Reload the page.".to_owned(),
            Self::Service(error) => match error {
                ServiceError::Unauthenticated => "Your session has ended. Sign in again.".to_owned(),
                ServiceError::Forbidden => "Your role does not allow this. Ask a platform administrator.".to_owned(),
                ServiceError::NotFound { what } => format!("This {what} does not exist or was deleted."),
                ServiceError::Conflict { what, by } => format!(
                    "This {what} was changed by {} after you opened it. Reload it to see the change, then make yours again.",
                    by.as_deref().unwrap_or("another user")
                ),
                ServiceError::AlreadyRunning { what } => {
                    format!("A {what} is already running. Wait until it ends, or cancel it.")
                }
                ServiceError::Invalid { problems } => match problems.as_slice() {
                    [only] => only.message.clone(),
                    _ => "Some fields need your attention.".to_owned(),
                },
                ServiceError::TooManyRequests { retry_after_seconds } => {
                    format!("Too many attempts. Try again in {}.", counted(*retry_after_seconds, "second"))
                }
                ServiceError::Upstream { message, advice, .. } => format!("{message} {advice}"),
                ServiceError::Unavailable => "The server is temporarily unavailable. Try again shortly.".to_owned(),
                ServiceError::DatabaseUnavailable { fault } => fault.explain().to_owned(),
                ServiceError::Internal => {
                    "Something went wrong on the server. Its log has the details under the request id.".to_owned()
                }
            },
        }
    }

    /// The HTTP status of the response.
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_) => 400,
            Self::WrongOrigin(_) => 403,
            Self::Offline => 503,
            Self::Service(error) => match error {
                ServiceError::Unauthenticated => 401,
                ServiceError::Forbidden => 403,
                ServiceError::NotFound { .. } => 404,
                ServiceError::Conflict { .. } | ServiceError::AlreadyRunning { .. } => 409,
                ServiceError::Invalid { .. } => 422,
                ServiceError::TooManyRequests { .. } => 429,
                ServiceError::Upstream { .. } => 502,
                ServiceError::Unavailable | ServiceError::DatabaseUnavailable { .. } => 503,
                ServiceError::Internal => 500,
            },
        }
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            // The Fetch standard's error for a connection that broke within the response.
            ServerFnErrorErr::Deserialization(message) if message.starts_with("TypeError") => Self::Offline,
            other => Self::BadRequest(other.to_string()),
        }
    }
}
