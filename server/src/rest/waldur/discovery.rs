//! The two actions that read a discovery document and store nothing: what it offers, and a mapping made from it.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use vestibule_app::domain::{
    discovery::ProviderMetadata,
    problem::{EndpointFault, EndpointFaultKind, ServiceError, UpstreamCause},
    web_url::is_web_address,
};

use super::{
    auth::WaldurCaller,
    body,
    dto::Mapping,
    error::{FieldErrors, Refusal, Result},
    fields::{address, flag},
    input::FieldReader,
    shapes::Throttled,
    suggestions::{Suggestion, generated_extra_scope, generated_mapping, suggested_scopes, suggestions},
};
use crate::rest::{
    RestState,
    body::{body, schemas},
    http::json,
};

const FIELD: &str = "discovery_url";

/// Reads a discovery document.
///
/// Stores nothing.
#[utoipa::path(
    post,
    path = "/api/identity-providers/discover_metadata/",
    operation_id = "identity_providers_discover_metadata",
    tag = "identity-providers",
    request_body = DiscoveryRequest,
    responses((status = 200, description = "What the provider offers", body = Metadata), Throttled),
)]
pub(super) async fn discover_metadata(
    State(state): State<RestState>,
    caller: WaldurCaller,
    request: Request,
) -> Result<Response> {
    let document = fetch(&state, &caller, request, words_of_discovery).await?;
    let claims_supported = document.claims_supported.clone().unwrap_or_default();
    let scopes_supported = document.scopes_supported.clone().unwrap_or_default();
    let metadata = Metadata {
        endpoints: Endpoints::of(&document.raw)?,
        waldur_fields: suggestions(&claims_supported),
        suggested_scopes: suggested_scopes(&claims_supported, &scopes_supported),
        claims_supported,
        scopes_supported,
    };
    Ok(json(StatusCode::OK, &metadata))
}

/// Makes a mapping from a discovery document.
///
/// Stores nothing.
#[utoipa::path(
    post,
    path = "/api/identity-providers/generate-mapping/",
    operation_id = "identity_providers_generate_mapping",
    tag = "identity-providers",
    request_body = DiscoveryRequest,
    responses((status = 200, description = "A mapping to start from", body = Generated), Throttled),
)]
pub(super) async fn generate_mapping(
    State(state): State<RestState>,
    caller: WaldurCaller,
    request: Request,
) -> Result<Response> {
    let document = fetch(&state, &caller, request, words_of_generation).await?;
    let claims = document.claims_supported.unwrap_or_default();
    let generated = Generated {
        attribute_mapping: Mapping(&generated_mapping(&claims)),
        extra_scope: generated_extra_scope(&claims, &document.scopes_supported.unwrap_or_default()),
    };
    Ok(json(StatusCode::OK, &generated))
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Metadata<'a> {
    claims_supported: Vec<String>,
    scopes_supported: Vec<String>,
    endpoints: Endpoints<'a>,
    waldur_fields: Vec<Suggestion>,
    suggested_scopes: Vec<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Endpoints<'a> {
    authorization_endpoint: &'a str,
    token_endpoint: &'a str,
    userinfo_endpoint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_session_endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<&'a str>,
}

impl<'a> Endpoints<'a> {
    /// Nothing is stored of them, so that an optional one that cannot be used is left out and takes nothing else with it.
    fn of(document: &'a Map<String, Value>) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let optional =
            |member: &str| document.get(member).and_then(Value::as_str).filter(|address| is_web_address(address));
        let mut required = |member: &str| {
            optional(member).unwrap_or_else(|| {
                let kind = match document.get(member) {
                    None | Some(Value::Null) => EndpointFaultKind::Missing,
                    Some(Value::String(address)) if address.trim().is_empty() => EndpointFaultKind::Missing,
                    Some(Value::String(_)) => EndpointFaultKind::NotAUrl,
                    Some(_) => EndpointFaultKind::NotText,
                };
                errors.push(FIELD, words_of_fault(&EndpointFault { member: member.to_owned(), kind }));
                ""
            })
        };
        let endpoints = Self {
            authorization_endpoint: required("authorization_endpoint"),
            token_endpoint: required("token_endpoint"),
            userinfo_endpoint: required("userinfo_endpoint"),
            end_session_endpoint: optional("end_session_endpoint"),
            jwks_uri: optional("jwks_uri"),
        };
        errors.check()?;
        Ok(endpoints)
    }
}

#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Generated<'a> {
    #[schema(value_type = std::collections::HashMap<String, String>)]
    attribute_mapping: Mapping<'a>,
    extra_scope: String,
}

body! {
    struct DiscoveryBody() from &mut FieldReader<'_> {
        /// The address of the discovery document.
        discovery_url: Option<String> = address(2000).required(true),
        /// Whether the provider's TLS certificate is checked; it is unless this is false.
        verify_ssl: Option<bool> = flag(),
    }
}

schemas! {
    /// Which document to read.
    pub(super) DiscoveryRequest as "DiscoveryRequest" = DiscoveryBody::members();
}

/// Reads the request, then the document that it names.
async fn fetch(
    state: &RestState,
    caller: &WaldurCaller,
    request: Request,
    words: fn(&str, String, UpstreamCause) -> String,
) -> Result<ProviderMetadata> {
    let actor = caller.require_staff()?;
    let input = body::read(request).await?;
    let mut reader = FieldReader::new(&input);
    let DiscoveryBody { discovery_url: address, verify_ssl } = DiscoveryBody::read(&mut reader);
    if address.as_deref().is_some_and(|address| !is_address(address)) {
        reader.errors.push(FIELD, "Enter a valid URL.");
    }
    reader.errors.check()?;
    let (address, verify_tls) = (address.unwrap_or_default(), verify_ssl.unwrap_or(true));
    let refused = |message: String| Refusal::Fields(FieldErrors::one(FIELD, message));
    let read = state.services.discovery.fetch_document(actor, &address, verify_tls).await;
    let document = read.map_err(|error| match error {
        ServiceError::Upstream { message, cause, .. } => refused(words(&address, message, cause)),
        error => error.into(),
    })?;
    ProviderMetadata::from_value(Value::Object(document)).map_err(|finding| refused(finding.message))
}

/// Whether a text looks like an address with a host. Which schemes may be called is decided with the call.
fn is_address(text: &str) -> bool {
    text.contains("://")
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https" | "ftp" | "ftps")
                && url.host_str().is_some_and(|host| !host.is_empty())
        })
}

fn words_of_discovery(address: &str, message: String, cause: UpstreamCause) -> String {
    match cause {
        UpstreamCause::Refused { reason } => reason,
        UpstreamCause::Tls => {
            "SSL certificate verification failed. Set verify_ssl to false if using a self-signed certificate."
                .to_owned()
        }
        UpstreamCause::Connect => "Unable to connect to the discovery URL.".to_owned(),
        UpstreamCause::Timeout => "Request timed out while fetching discovery document.".to_owned(),
        UpstreamCause::NotJson => "Invalid JSON in discovery response.".to_owned(),
        UpstreamCause::NotAnObject => NOT_AN_OBJECT.to_owned(),
        UpstreamCause::Endpoints { faults } => faults.iter().map(words_of_fault).collect::<Vec<_>>().join(" "),
        UpstreamCause::Status { status } => status_words(address, status),
        UpstreamCause::Other => format!("Unable to fetch discovery document: {message}"),
    }
}

/// What is said of a document that parses and is no object.
pub(super) const NOT_AN_OBJECT: &str = "The discovery response is JSON, but not an object.";

/// An endpoint that cannot be used, in Waldur's words where it has some.
pub(super) fn words_of_fault(fault: &EndpointFault) -> String {
    let EndpointFault { member, kind } = fault;
    match kind {
        EndpointFaultKind::Missing => format!("Missing required endpoint in discovery document: '{member}'"),
        EndpointFaultKind::NotText => format!("Invalid endpoint in discovery document: '{member}' is not a string."),
        EndpointFaultKind::NotAUrl => format!("Invalid endpoint in discovery document: '{member}' is not a full URL."),
    }
}

fn words_of_generation(address: &str, message: String, cause: UpstreamCause) -> String {
    match cause {
        UpstreamCause::Tls | UpstreamCause::Connect | UpstreamCause::Timeout => {
            format!("Unable to fetch discovery document: {message}")
        }
        cause => words_of_discovery(address, message, cause),
    }
}

fn status_words(address: &str, status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Unknown");
    let kind = if status >= 500 { "Server" } else { "Client" };
    format!("Unable to fetch discovery document: {status} {kind} Error: {reason} for url: {address}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    #[test]
    fn optional_endpoints_appear_when_the_document_has_them() {
        let mut document = json!({
            "token_endpoint": "https://t",
            "authorization_endpoint": "https://a",
            "userinfo_endpoint": "https://u",
        });
        let text =
            |document: &Value| serde_json::to_string(&Endpoints::of(document.as_object().unwrap()).unwrap()).unwrap();
        assert_eq!(
            text(&document),
            r#"{"authorization_endpoint":"https://a","token_endpoint":"https://t","userinfo_endpoint":"https://u"}"#
        );
        document["jwks_uri"] = "https://j".into();
        assert!(text(&document).ends_with(r#""jwks_uri":"https://j"}"#));
        for useless in [json!("/logout"), json!(["https://e"]), json!(7), json!(" "), json!(null)] {
            document["end_session_endpoint"] = useless;
            assert!(!text(&document).contains("end_session_endpoint"), "{document}");
        }
    }

    #[test]
    fn every_required_endpoint_that_cannot_be_used_is_named() {
        let document = json!({
            "token_endpoint": "/token",
            "authorization_endpoint": ["https://a"],
            "userinfo_endpoint": null,
            "end_session_endpoint": null,
            "jwks_uri": "keys",
        });
        let mut expected = FieldErrors::default();
        for message in [
            "Invalid endpoint in discovery document: 'authorization_endpoint' is not a string.",
            "Invalid endpoint in discovery document: 'token_endpoint' is not a full URL.",
            "Missing required endpoint in discovery document: 'userinfo_endpoint'",
        ] {
            expected.push(FIELD, message);
        }
        assert_eq!(Endpoints::of(document.as_object().unwrap()).err(), Some(Refusal::Fields(expected)));
    }

    #[test]
    fn the_two_actions_word_failed_connections_differently() {
        let words =
            |of: fn(&str, String, UpstreamCause) -> String, cause| of("https://a/", "it broke".to_owned(), cause);
        for (cause, discovery, generation) in [
            (
                UpstreamCause::Connect,
                "Unable to connect to the discovery URL.",
                "Unable to fetch discovery document: it broke",
            ),
            (
                UpstreamCause::Timeout,
                "Request timed out while fetching discovery document.",
                "Unable to fetch discovery document: it broke",
            ),
            (UpstreamCause::NotJson, "Invalid JSON in discovery response.", "Invalid JSON in discovery response."),
        ] {
            assert_eq!(words(words_of_discovery, cause.clone()), discovery);
            assert_eq!(words(words_of_generation, cause), generation);
        }
        assert_eq!(
            words(words_of_generation, UpstreamCause::Status { status: 404 }),
            "Unable to fetch discovery document: 404 Client Error: Not Found for url: https://a/"
        );
    }

    #[test]
    fn container_names_are_addresses_and_bare_names_are_not() {
        for good in ["https://id.example.com/x", "http://keycloak:8080/realms/a", "http://10.0.0.1"] {
            assert!(is_address(good), "{good} was refused");
        }
        for bad in ["id.example.com", "not a url", "https://", "javascript://a", "file:///etc/passwd", "https:a"] {
            assert!(!is_address(bad), "{bad} was accepted");
        }
    }
}
