//! Refusals in the shapes that FastAPI gives them, and what every failure of a service means in this dialect.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use vestibule_app::domain::{
    problem::{DatabaseFault, Problem, ProblemCode, ServiceError},
    words::capitalised,
};

use crate::{request::BodyProblem, rest::http::json};

/// What a handler answers.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// No token was sent.
    NotAuthenticated,
    /// The token counts nothing.
    InvalidToken,
    /// The caller's role does not allow it.
    Forbidden,
    /// The platform's token was issued without the scopes for this API.
    LacksScope,
    /// There is no such object, or the caller may not know of it. Holds the sentence to say.
    NotFound(String),
    /// Nothing is at this path.
    NoRoute,
    /// The path knows other methods.
    Method,
    /// The request makes no sense for this object. Holds the sentence to say.
    BadRequest(&'static str),
    /// Something like it is there already, or somebody else was faster. Holds the sentence to say.
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
    /// A fault of ours.
    Internal,
}

/// One thing that is wrong with the input, as pydantic tells it.
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
    /// Whether nothing more is to be told of the place of another fault, at this one's or inside it: of the body as a
    /// whole, everything is.
    fn hides(&self, other: &Self) -> bool {
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

/// What the form of a body is refused with comes before whatever else stands in the way.
pub(super) fn after<T>(faults: &[Entry], found: Result<T>) -> Result<T> {
    found.map_err(|refusal| if faults.is_empty() { refusal } else { Refusal::Invalid(faults.to_vec()) })
}

/// What an operation is about; it words what is in use already and names the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Provider,
    Tenant,
    Group,
    GroupMapping,
    User,
}

impl Resource {
    /// What a failure of a service means here.
    pub(super) fn refuse(self, error: ServiceError) -> Refusal {
        match error {
            ServiceError::Unauthenticated => Refusal::NotAuthenticated,
            ServiceError::Forbidden => Refusal::Forbidden,
            ServiceError::NotFound { what } => Refusal::NotFound(format!("{} not found", capitalised(&what))),
            ServiceError::Conflict { what, .. } => {
                Refusal::Conflict(format!("{} was changed meanwhile; read it and try again", capitalised(&what)))
            }
            ServiceError::AlreadyRunning { what } => {
                Refusal::Conflict(format!("A {what} of this identity provider is already running"))
            }
            ServiceError::Invalid { problems } => self.refuse_input(problems),
            ServiceError::TooManyRequests { retry_after_seconds } => Refusal::Throttled(retry_after_seconds),
            // Nothing of this API asks the remote side before it answers, but tests, which report instead.
            ServiceError::Upstream { .. } | ServiceError::Internal => Refusal::Internal,
            ServiceError::Unavailable => Refusal::Unavailable,
            ServiceError::DatabaseUnavailable { fault } => Refusal::Database(fault),
        }
    }

    /// What is in use already is a conflict, unless something else is wrong too.
    fn refuse_input(self, problems: Vec<Problem>) -> Refusal {
        if !problems.is_empty() && problems.iter().all(|problem| problem.code == ProblemCode::Taken) {
            let text = match self {
                Self::Provider => "An identity provider with this name already exists",
                Self::Tenant => "A tenant with this slug already exists",
                Self::Group => "A group with this name already exists",
                Self::GroupMapping => "This group mapping already exists",
                Self::User => "A user with this name already exists",
            };
            let others: Vec<_> = problems.iter().filter_map(|problem| problem.other.as_deref()).collect();
            return Refusal::Conflict(match others.as_slice() {
                [] => text.to_owned(),
                // A name and a slug may be in use by the same object.
                [first, ..] => format!("{text}: {first}"),
            });
        }
        self.refuse_all(Vec::new(), &problems)
    }

    /// Faults of the form together with what the domain finds wrong beside them.
    pub(super) fn refuse_all(self, mut faults: Vec<Entry>, problems: &[Problem]) -> Refusal {
        let forms = faults.len();
        for problem in problems {
            let entry = self.entry(problem);
            let (of_form, of_meaning) = faults.split_at(forms);
            // What has not the right form, or is not there at all, was read as something else.
            let is_hidden = of_form.iter().any(|fault| fault.hides(&entry));
            if !is_hidden && !of_meaning.iter().any(|other| other.loc.len() > 1 && other.loc == entry.loc) {
                faults.push(entry);
            }
        }
        Refusal::Invalid(faults)
    }

    fn entry(self, problem: &Problem) -> Entry {
        let mut parts = problem.field.split('.');
        let name = parts.next().unwrap_or_default();
        let path: &[&'static str] = match self {
            Self::Provider => provider_path(name),
            Self::Tenant => tenant_path(name),
            Self::Group => group_path(name),
            Self::GroupMapping => mapping_path(name),
            // Nothing of a user is written but whether they are blocked, which every service takes.
            Self::User => &[],
        };
        let mut loc: Vec<_> = std::iter::once("body").chain(path.iter().copied()).map(Segment::name).collect();
        if !path.is_empty() {
            loc.extend(parts.filter_map(|part| part.parse().ok()).map(Segment::Index));
        }
        value_error(loc, &problem.message)
    }
}

/// A value that is well-formed and yet not accepted.
pub(super) fn value_error(loc: Vec<Segment>, message: &str) -> Entry {
    Entry { kind: "value_error", loc, msg: format!("Value error, {message}"), input: None, ctx: None }
}

/// The domain's fields as this dialect names and nests them.
fn provider_path(field: &str) -> &'static [&'static str] {
    match field {
        "name" | "slug" => &["name"],
        "display_name" => &["display_name"],
        "owner" => &["tenant_id"],
        "oidc" => &["oidc_config"],
        "saml" => &["saml_config"],
        "ldap" => &["ldap_config"],
        "discovery_url" | "issuer" => &["oidc_config", "issuer"],
        "client_id" => &["oidc_config", "client_id"],
        "client_secret" => &["oidc_config", "client_secret"],
        "extra_scopes" => &["oidc_config", "scopes"],
        "authorization_endpoint" => &["oidc_config", "authorization_endpoint"],
        "token_endpoint" => &["oidc_config", "token_endpoint"],
        "userinfo_endpoint" => &["oidc_config", "userinfo_endpoint"],
        "jwks_uri" => &["oidc_config", "jwks_uri"],
        "entity_id" => &["saml_config", "entity_id"],
        "sso_url" => &["saml_config", "sso_url"],
        "slo_url" => &["saml_config", "slo_url"],
        "certificate" | "certificates" => &["saml_config", "certificate"],
        "name_id_format" => &["saml_config", "name_id_format"],
        "urls" => &["ldap_config", "urls"],
        "start_tls" => &["ldap_config", "start_tls"],
        "tls_verify" => &["ldap_config", "tls_verify"],
        "bind_dn" => &["ldap_config", "bind_dn"],
        "bind_password" => &["ldap_config", "bind_password"],
        "base_dn" => &["ldap_config", "base_dn"],
        "user_base_dn" => &["ldap_config", "user_base_dn"],
        "user_object_classes" => &["ldap_config", "user_object_classes"],
        "user_filter" => &["ldap_config", "user_filter"],
        "username_attribute" => &["ldap_config", "username_attribute"],
        // No other claim that identifies a user can be chosen here.
        "external_id_attribute" | "user_claim" => &["ldap_config", "external_id_attribute"],
        "ca_certificate" => &["ldap_config", "ca_certificate"],
        "client_certificate" => &["ldap_config", "client_certificate"],
        "client_key" => &["ldap_config", "client_key"],
        "user_search_scope" => &["ldap_config", "user_search_scope"],
        "disabled_filter" => &["ldap_config", "disabled_filter"],
        "sync_groups" => &["ldap_config", "sync_groups"],
        "group_base_dn" => &["ldap_config", "group_base_dn"],
        "group_search_scope" => &["ldap_config", "group_search_scope"],
        "group_object_classes" => &["ldap_config", "group_object_classes"],
        "group_filter" => &["ldap_config", "group_filter"],
        "group_name_attribute" => &["ldap_config", "group_name_attribute"],
        "group_member_attribute" => &["ldap_config", "group_member_attribute"],
        "group_member_format" => &["ldap_config", "group_member_format"],
        "nested_groups" => &["ldap_config", "nested_groups"],
        "page_size" => &["ldap_config", "page_size"],
        "connect_timeout_seconds" => &["ldap_config", "connect_timeout_seconds"],
        "operation_timeout_seconds" => &["ldap_config", "operation_timeout_seconds"],
        "sync_timeout_seconds" => &["ldap_config", "sync_timeout_seconds"],
        "max_entries" => &["ldap_config", "max_entries"],
        "referrals" => &["ldap_config", "referrals"],
        "sync_enabled" => &["ldap_config", "sync_enabled"],
        "sync_interval_minutes" => &["ldap_config", "sync_interval_minutes"],
        "full_sync_interval_hours" => &["ldap_config", "full_sync_interval_hours"],
        "delta_strategy" => &["ldap_config", "delta_strategy"],
        "clock_skew_seconds" => &["ldap_config", "clock_skew_seconds"],
        "missing_users" => &["ldap_config", "missing_users"],
        "reactivate" => &["ldap_config", "reactivate"],
        "max_deactivation_percent" => &["ldap_config", "max_deactivation_percent"],
        "link_existing" => &["ldap_config", "link_existing"],
        "trust_email" => &["ldap_config", "trust_email"],
        "attributes" | "mapping" | "attribute_mapping" => &["attribute_mapping"],
        "allowed_domains" => &["allowed_domains"],
        _ => &[],
    }
}

fn tenant_path(field: &str) -> &'static [&'static str] {
    match field {
        "name" => &["name"],
        "slug" => &["slug"],
        "partner" => &["partner_id"],
        "status" => &["status"],
        _ => &[],
    }
}

fn group_path(field: &str) -> &'static [&'static str] {
    match field {
        "name" => &["name"],
        "description" => &["description"],
        "tenant" => &["tenant_id"],
        _ => &[],
    }
}

fn mapping_path(field: &str) -> &'static [&'static str] {
    match field {
        "external_group_id" => &["external_group_id"],
        "external_group_name" => &["external_group_name"],
        "internal_group_id" => &["internal_group_id"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    fn invalid(problems: &[(&str, ProblemCode)]) -> ServiceError {
        let problem = |(field, code): &(&str, ProblemCode)| Problem::new(*field, *code, "M.");
        ServiceError::Invalid { problems: problems.iter().map(problem).collect() }
    }

    #[test]
    fn what_is_taken_is_a_conflict_unless_more_is_wrong() {
        let taken = ("name", ProblemCode::Taken);
        let conflict = Refusal::Conflict("An identity provider with this name already exists".to_owned());
        assert_eq!(Resource::Provider.refuse(invalid(&[taken])), conflict);
        let both = Resource::Provider.refuse(invalid(&[taken, ("client_id", ProblemCode::Blank)]));
        assert!(matches!(both, Refusal::Invalid(entries) if entries.len() == 2));
    }

    #[test]
    fn a_fault_of_the_form_hides_no_other_place() {
        let missing = |loc: &[&'static str]| Entry {
            kind: "missing",
            loc: loc.iter().copied().map(Segment::name).collect(),
            msg: "Field required".to_owned(),
            input: None,
            ctx: None,
        };
        let problem = |field: &str| Problem::new(field, ProblemCode::Malformed, "M.");
        let told = |loc: &[&'static str], fields: &[&str]| {
            let problems: Vec<_> = fields.iter().map(|field| problem(field)).collect();
            let Refusal::Invalid(entries) = Resource::Provider.refuse_all(vec![missing(loc)], &problems) else {
                panic!("not refused as invalid");
            };
            entries.len() - 1
        };
        assert_eq!(told(&["body", "name"], &["name", "client_id", "base_dn"]), 2);
        assert_eq!(told(&["body", "ldap_config"], &["base_dn", "urls.0", "allowed_domains.1"]), 1);
        assert_eq!(told(&["body", "ldap_config", "base_dn"], &["ldap", "urls", "base_dn"]), 2);
        assert_eq!(told(&["body", "name"], &[""]), 1);
    }

    #[test]
    fn problems_stand_where_this_dialect_has_the_field() {
        let Refusal::Invalid(entries) = Resource::Provider.refuse(invalid(&[
            ("discovery_url", ProblemCode::Malformed),
            ("urls.3", ProblemCode::Malformed),
            ("allowed_domains.1", ProblemCode::Malformed),
            ("something", ProblemCode::Malformed),
        ])) else {
            panic!("not refused as invalid");
        };
        let places: Vec<_> = entries.iter().map(|entry| serde_json::to_value(&entry.loc).unwrap()).collect();
        assert_eq!(
            places,
            [
                json!(["body", "oidc_config", "issuer"]),
                json!(["body", "ldap_config", "urls", 3]),
                json!(["body", "allowed_domains", 1]),
                json!(["body"]),
            ]
        );
        let text = serde_json::to_string(&entries[0]).unwrap();
        assert_eq!(text, r#"{"type":"value_error","loc":["body","oidc_config","issuer"],"msg":"Value error, M."}"#);
    }
}
