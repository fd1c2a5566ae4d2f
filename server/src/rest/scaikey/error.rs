//! Refusals in the shapes that FastAPI gives them.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use vestibule_app::domain::problem::DatabaseFault;

use crate::{request::BodyProblem, rest::http::json};

/// What a handler answers.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// No token was sent.
    NotAuthenticated,
    /// The token is not valid.
    InvalidToken,
    /// The caller's role does not allow it.
    Forbidden,
    /// The platform's token was issued without the scopes for this API.
    LacksScope,
    /// There is no such object, or the caller may not know of it. Holds the message.
    NotFound(String),
    /// Nothing is at this path.
    NoRoute,
    /// The path knows other methods.
    Method,
    /// The request makes no sense for this object. Holds the message.
    BadRequest(&'static str),
    /// The value is in use, or another request was faster. Holds the message.
    Conflict(String),
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// Everything that is wrong with the input.
    Invalid(Vec<Entry>),
    /// Too many attempts; holds the seconds to wait.
    Throttled(u32),
    /// The server cannot answer at the moment.
    Unavailable,
    /// The database cannot be used at the moment.
    Database(DatabaseFault),
    /// An internal error.
    Internal,
}

/// One thing that is wrong with the input, in pydantic's shape.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ValidationError)]
pub(super) struct Entry {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The way to the place that is wrong.
    #[schema(inline)]
    pub(super) loc: Vec<Segment>,
    pub(super) msg: String,
    /// What was sent there, without secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) input: Option<Value>,
    /// What the message was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub(super) ctx: Option<Value>,
}

impl Entry {
    /// Whether another entry is about the same place or one inside it, and so adds nothing. Entries about the body as a
    /// whole hide no other.
    pub(super) fn hides(&self, other: &Self) -> bool {
        self.loc.len() > 1 && other.loc.starts_with(&self.loc)
    }
}

/// A step of the way to the place that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Segment {
    /// A member's name, or where the input came from: `body`, `query`.
    Name(Cow<'static, str>),
    /// A place in a list, or in a text.
    Index(usize),
}

impl Segment {
    /// A member, or where the input came from.
    pub(super) fn name(name: impl Into<Cow<'static, str>>) -> Self {
        Self::Name(name.into())
    }
}

/// What is wrong, in one sentence.
#[derive(Serialize, ToSchema)]
#[schema(as = HTTPError)]
pub(super) struct Detail<'a> {
    /// The sentence.
    detail: &'a str,
}

/// Everything that is wrong with the input.
#[derive(Serialize, ToSchema)]
#[schema(as = HTTPValidationError)]
pub(super) struct Details {
    /// All of it at once. FastAPI does not declare it as required; it is always there.
    #[schema(required = false)]
    detail: Vec<Entry>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let detail = |status, text: &str| json(status, &Detail { detail: text });
        match self {
            Self::NotAuthenticated => challenge(detail(StatusCode::UNAUTHORIZED, "Not authenticated")),
            Self::InvalidToken => challenge(detail(StatusCode::UNAUTHORIZED, "Invalid or expired token")),
            Self::Forbidden => detail(StatusCode::FORBIDDEN, "Insufficient permissions"),
            Self::LacksScope => {
                detail(StatusCode::FORBIDDEN, "Platform token requires admin:read or admin:write scope")
            }
            Self::NotFound(text) => detail(StatusCode::NOT_FOUND, &text),
            Self::NoRoute => detail(StatusCode::NOT_FOUND, "Not Found"),
            Self::Method => detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
            Self::BadRequest(text) => detail(StatusCode::BAD_REQUEST, text),
            Self::Conflict(text) => detail(StatusCode::CONFLICT, &text),
            Self::TooLarge => detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large"),
            Self::TooSlow => detail(StatusCode::REQUEST_TIMEOUT, "Request body did not arrive in time"),
            Self::Invalid(entries) => json(StatusCode::UNPROCESSABLE_ENTITY, &Details { detail: entries }),
            Self::Throttled(seconds) => {
                let mut response = detail(StatusCode::TOO_MANY_REQUESTS, "Too many requests");
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                response
            }
            Self::Unavailable => detail(StatusCode::SERVICE_UNAVAILABLE, "Service temporarily unavailable"),
            Self::Database(fault) => detail(
                StatusCode::SERVICE_UNAVAILABLE,
                &format!("Service temporarily unavailable. {}", fault.explain()),
            ),
            Self::Internal => detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"),
        }
    }
}

fn challenge(mut response: Response) -> Response {
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

impl From<BodyProblem> for Refusal {
    fn from(problem: BodyProblem) -> Self {
        match problem {
            BodyProblem::TooLarge => Self::TooLarge,
            BodyProblem::TooSlow => Self::TooSlow,
            BodyProblem::Broken => Self::BadRequest("There was an error parsing the body"),
        }
    }
}

/// Faults of the body's form come before any other reason to refuse the request.
pub(super) fn after<T>(faults: &[Entry], found: Result<T>) -> Result<T> {
    found.map_err(|refusal| if faults.is_empty() { refusal } else { Refusal::Invalid(faults.to_vec()) })
}

/// A value that is well-formed and yet not accepted.
pub(super) fn value_error(loc: Vec<Segment>, message: &str) -> Entry {
    Entry { kind: "value_error", loc, msg: format!("Value error, {message}"), input: None, ctx: None }
}
