//! Refusals in this API's shape: four members, among them the identifier of the operation.

use std::any::Any;

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_app::domain::problem::DatabaseFault;

use super::roles::Allowed;
use crate::rest::http::json;

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No token was sent, or it is not valid.
    Unauthenticated,
    /// The caller holds none of the roles.
    Forbidden(Allowed),
    /// The token is an issuer's, and its scopes give no role.
    LacksScope,
    /// The input is wrong. Holds a sentence.
    Invalid(String),
    /// There is no such provider within the caller's reach. Holds the identifier of the request.
    NoProvider(String),
    /// There is no such tenant. Holds the identifier of the request.
    NoTenant(String),
    /// The tenant has no such provider, or the caller may not add such a provider to it.
    NoProviderOfTenant { provider: String, tenant: String },
    /// Nothing is at this path.
    NoRoute,
    /// The path knows other methods than this one.
    Method { tried: Method, allowed: &'static str },
    /// The server cannot answer at the moment.
    Unavailable,
    /// The database cannot be used at the moment.
    Database(DatabaseFault),
    /// An internal error.
    Internal,
}

/// Why a request is not carried out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
#[schema(as = Error)]
pub(super) struct Body {
    /// The answer's header `Operation-Id`.
    #[schema(value_type = String, format = "uuid")]
    operation_id: Uuid,
    /// What is wrong.
    error: &'static str,
    /// Why.
    reason: String,
    /// What to do about it.
    resolution: &'static str,
}

/// Puts the refusal into the answer's extensions; [`Refusal::answer`] writes it where the operation's identifier is known.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Refusal {
    /// The answer of the operation with this identifier.
    pub(super) fn answer(self, operation_id: Uuid) -> Response {
        let (status, error, reason, resolution) = self.words();
        let mut response = json(status, &Body { operation_id, error, reason, resolution });
        match self {
            Self::Unauthenticated => {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Method { allowed, .. } => {
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
            }
            _ => {}
        }
        response
    }

    fn words(&self) -> (StatusCode, &'static str, String, &'static str) {
        match self {
            Self::Unauthenticated => (
                StatusCode::UNAUTHORIZED,
                "Unauthorized.",
                "No valid access token was sent.".to_owned(),
                "Send a bearer token.",
            ),
            Self::Forbidden(allowed) => (
                StatusCode::FORBIDDEN,
                "Forbidden.",
                format!("The caller holds none of the roles: {}.", allowed.names()),
                "Ask an Account Administrator.",
            ),
            Self::LacksScope => (
                StatusCode::FORBIDDEN,
                "Forbidden.",
                "The access token holds neither the scope admin:read nor the scope admin:write.".to_owned(),
                "Ask for a token with one of these scopes.",
            ),
            Self::Invalid(reason) => {
                (StatusCode::BAD_REQUEST, "Missing or invalid inputs.", reason.clone(), "Correct the request.")
            }
            Self::NoProvider(provider) => (
                StatusCode::NOT_FOUND,
                "Identity provider not found.",
                format!("There is no identity provider {provider:?}."),
                CHECK,
            ),
            Self::NoTenant(tenant) => {
                (StatusCode::NOT_FOUND, "Tenant not found.", format!("There is no tenant {tenant:?}."), CHECK)
            }
            Self::NoProviderOfTenant { provider, tenant } => (
                StatusCode::NOT_FOUND,
                "Identity provider or tenant not found.",
                format!("There is no identity provider {provider:?} for the tenant {tenant:?}."),
                CHECK,
            ),
            Self::NoRoute => {
                (StatusCode::NOT_FOUND, "Not found.", "There is nothing at this path.".to_owned(), "Check the path.")
            }
            Self::Method { tried, allowed } => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed.",
                format!("This path does not know the method {tried}. It knows {allowed}."),
                "Use another method.",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Service unavailable.",
                "The server cannot answer at the moment.".to_owned(),
                "Retry later.",
            ),
            Self::Database(fault) => {
                (StatusCode::SERVICE_UNAVAILABLE, "Service unavailable.", fault.explain().to_owned(), "Retry later.")
            }
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Internal server error.",
                "An unexpected error occurred.".to_owned(),
                "Retry; quote the OperationId.",
            ),
        }
    }
}

const CHECK: &str = "Check the identifiers.";

pub(super) async fn refuse_reading_method(tried: Method) -> Refusal {
    Refusal::Method { tried, allowed: "GET, HEAD" }
}

pub(super) async fn refuse_linking_method(tried: Method) -> Refusal {
    Refusal::Method { tried, allowed: "GET, HEAD, POST, DELETE" }
}

/// Nothing is below a provider.
pub(super) async fn refuse_path() -> Refusal {
    Refusal::NoRoute
}

/// The panic's own message is in the log already.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::Internal.into_response()
}
