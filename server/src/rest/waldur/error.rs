//! Refusals in the shapes that Waldur's API gives them (Django REST Framework's, mostly).

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use utoipa::ToSchema;
use vestibule_app::domain::problem::{DatabaseFault, Problem, ProblemCode, ServiceError};

use crate::{request::BodyProblem, rest::http::json};

/// What a handler answers.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// The answer to a caller without a credential.
pub(super) const NO_CREDENTIALS: &str = "Authentication credentials were not provided.";

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A credential is needed, or the one that was sent is not valid. Holds the message.
    Unauthenticated(&'static str),
    /// The caller is not staff.
    Forbidden,
    /// There is no such provider, or the caller may not know of it.
    NoProvider,
    /// Nothing is at this path.
    NoRoute,
    /// The list has no such page.
    NoPage,
    /// The path knows other methods than this one.
    Method {
        /// The method that was tried.
        tried: Method,
        /// The methods there are.
        allowed: &'static str,
    },
    /// The body's media type is not supported. Holds it.
    MediaType(String),
    /// The body does not parse. Holds the message.
    Unparsable(String),
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// Fields are wrong.
    Fields(FieldErrors),
    /// Discovery failed while a provider was being saved: a bare list of sentences.
    Discovery(Vec<String>),
    /// Another request changed the provider first.
    Conflict,
    /// Too many attempts.
    Throttled(u32),
    /// The server cannot answer at the moment.
    Unavailable,
    /// The database cannot be used at the moment.
    Database(DatabaseFault),
    /// An internal error.
    Internal,
}

/// What is wrong, in one sentence.
#[derive(Serialize, ToSchema)]
pub(super) struct Detail<'a> {
    /// The sentence.
    detail: &'a str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let detail = |status, text: &str| json(status, &Detail { detail: text });
        match self {
            Self::Unauthenticated(text) => {
                let mut response = detail(StatusCode::UNAUTHORIZED, text);
                response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Token"));
                response
            }
            Self::Forbidden => detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action."),
            Self::NoProvider => detail(StatusCode::NOT_FOUND, "No IdentityProvider matches the given query."),
            Self::NoRoute => detail(StatusCode::NOT_FOUND, "Not found."),
            Self::NoPage => detail(StatusCode::NOT_FOUND, "Invalid page."),
            Self::Method { tried, allowed } => {
                let mut response = detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{tried}\" not allowed."));
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
                response
            }
            Self::MediaType(given) => {
                let text = format!("Unsupported media type \"{given}\" in request.");
                detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &text)
            }
            Self::Unparsable(text) => detail(StatusCode::BAD_REQUEST, &text),
            Self::TooLarge => detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large."),
            Self::TooSlow => detail(StatusCode::REQUEST_TIMEOUT, "Request body did not arrive in time."),
            Self::Fields(errors) => json(StatusCode::BAD_REQUEST, &errors),
            Self::Discovery(sentences) => json(StatusCode::BAD_REQUEST, &sentences),
            Self::Conflict => {
                detail(StatusCode::CONFLICT, "The identity provider was changed meanwhile. Read it and try again.")
            }
            Self::Throttled(seconds) => {
                let text = format!("Request was throttled. Expected available in {seconds} seconds.");
                let mut response = detail(StatusCode::TOO_MANY_REQUESTS, &text);
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                response
            }
            Self::Unavailable => {
                detail(StatusCode::SERVICE_UNAVAILABLE, "Service temporarily unavailable, try again later.")
            }
            Self::Database(fault) => detail(
                StatusCode::SERVICE_UNAVAILABLE,
                &format!("Service temporarily unavailable, try again later. {}", fault.explain()),
            ),
            Self::Internal => detail(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error."),
        }
    }
}

impl Refusal {
    /// Discovery failed while a provider was being saved, with one sentence about it.
    pub(super) fn discovery(sentence: &str) -> Self {
        Self::Discovery(vec![sentence.to_owned()])
    }
}

impl From<BodyProblem> for Refusal {
    fn from(problem: BodyProblem) -> Self {
        match problem {
            BodyProblem::TooLarge => Self::TooLarge,
            BodyProblem::TooSlow => Self::TooSlow,
            BodyProblem::Broken => Self::Unparsable("The request body could not be read.".to_owned()),
        }
    }
}

/// What every service failure means here. What failed upstream is worded by the operations themselves.
impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Unauthenticated => Self::Unauthenticated(NO_CREDENTIALS),
            ServiceError::Forbidden => Self::Forbidden,
            ServiceError::NotFound { .. } => Self::NoProvider,
            ServiceError::Conflict { .. } => Self::Conflict,
            ServiceError::Invalid { problems } => Self::Fields(FieldErrors::from_problems(problems)),
            ServiceError::TooManyRequests { retry_after_seconds } => Self::Throttled(retry_after_seconds),
            // Nothing of this API runs on beside requests.
            ServiceError::Upstream { .. } | ServiceError::AlreadyRunning { .. } | ServiceError::Internal => {
                Self::Internal
            }
            ServiceError::Unavailable => Self::Unavailable,
            ServiceError::DatabaseUnavailable { fault } => Self::Database(fault),
        }
    }
}

/// The key for what concerns the input as a whole.
pub(super) const NON_FIELD: &str = "non_field_errors";

/// Everything that is wrong with the fields of a request, in the order it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FieldErrors(Vec<(&'static str, Messages)>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Messages {
    /// About the field.
    Whole(Vec<String>),
    /// About items of a list, by their place.
    Items(Vec<(usize, String)>),
}

impl FieldErrors {
    /// A single sentence about a single field.
    pub(super) fn one(field: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(field, message);
        errors
    }

    /// Notes a sentence about a field.
    pub(super) fn push(&mut self, field: &'static str, message: impl Into<String>) {
        match self.0.iter_mut().find(|(name, _)| *name == field) {
            Some((_, Messages::Whole(messages))) => {
                let message = message.into();
                if !messages.contains(&message) {
                    messages.push(message);
                }
            }
            // Items are wrong already: the field's own checks come after theirs.
            Some((_, Messages::Items(_))) => {}
            None => self.0.push((field, Messages::Whole(vec![message.into()]))),
        }
    }

    /// Notes what is wrong with items of a list.
    pub(super) fn push_items(&mut self, field: &'static str, items: Vec<(usize, String)>) {
        self.0.push((field, Messages::Items(items)));
    }

    /// Refuses the request when anything is wrong.
    pub(super) fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Fields(self)) }
    }

    fn from_problems(problems: Vec<Problem>) -> Self {
        let mut errors = Self::default();
        for Problem { field, code, message, other: _ } in problems {
            let name = wire_name(&field, code);
            errors.push(
                name,
                match code {
                    ProblemCode::Taken if name == "provider" => PROVIDER_TAKEN.to_owned(),
                    ProblemCode::Blank => BLANK.to_owned(),
                    ProblemCode::TooLong { limit } => too_long(limit),
                    _ => message,
                },
            );
        }
        errors
    }
}

/// Django's sentence about a text that is blank.
pub(super) const BLANK: &str = "This field may not be blank.";

/// Django's sentence about a text that is too long.
pub(super) fn too_long(limit: usize) -> String {
    format!("Ensure this field has no more than {limit} characters.")
}

/// The sentence about a provider key that is in use.
pub(super) const PROVIDER_TAKEN: &str = "identity provider with this provider already exists.";

/// The domain's field as this dialect names it.
fn wire_name(field: &str, code: ProblemCode) -> &'static str {
    match (field.split('.').next().unwrap_or_default(), code) {
        // A new provider gets its key as its name, so that a name in use is a key in use.
        ("slug", _) | ("name", ProblemCode::Taken) => "provider",
        ("name" | "display_name", _) => "label",
        ("client_id", _) => "client_id",
        ("client_secret", _) => "client_secret",
        ("discovery_url" | "issuer", _) => "discovery_url",
        ("management_url", _) => "management_url",
        ("protected_fields", _) => "protected_fields",
        ("extra_scopes", _) => "extra_scope",
        ("user_field", _) => "user_field",
        ("user_claim", _) => "user_claim",
        ("attributes" | "mapping" | "attribute_mapping", _) => "attribute_mapping",
        ("extra_fields", _) => "extra_fields",
        ("allowed_redirects", _) => "allowed_redirects",
        _ => NON_FIELD,
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, messages)| (name, messages)))
    }
}

impl Serialize for Messages {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Whole(messages) => messages.serialize(serializer),
            Self::Items(items) => {
                let mut map = serializer.serialize_map(Some(items.len()))?;
                for (index, message) in items {
                    map.serialize_entry(index, &[message])?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn field_errors_keep_their_order_and_nest_by_item() {
        let mut errors = FieldErrors::default();
        errors.push("label", "a");
        errors.push("client_id", "b");
        errors.push("label", "c");
        errors.push_items("allowed_redirects", vec![(1, "d".to_owned()), (10, "e".to_owned())]);
        let text = serde_json::to_string(&errors).unwrap();
        assert_eq!(text, r#"{"label":["a","c"],"client_id":["b"],"allowed_redirects":{"1":["d"],"10":["e"]}}"#);
    }

    #[test]
    fn problems_of_the_service_take_the_names_of_this_dialect() {
        let problems = [
            ("slug", ProblemCode::Taken),
            ("name", ProblemCode::Taken),
            ("display_name", ProblemCode::TooLong { limit: 255 }),
            ("extra_scopes", ProblemCode::Malformed),
            ("allowed_redirects.3", ProblemCode::Malformed),
            ("", ProblemCode::NotAllowed),
        ]
        .map(|(field, code)| Problem::new(field, code, "m"));
        let text = serde_json::to_string(&FieldErrors::from_problems(problems.to_vec())).unwrap();
        assert_eq!(
            text,
            r#"{"provider":["identity provider with this provider already exists."],"label":["Ensure this field has no more than 255 characters."],"extra_scope":["m"],"allowed_redirects":["m"],"non_field_errors":["m"]}"#
        );
    }
}
