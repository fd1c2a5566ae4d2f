//! Discovery of OpenID providers: checks the permission to call out, and converts failures to errors of the services.

use async_trait::async_trait;
use serde_json::{Map, Value};
use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        discovery::{DiscoveryReport, DiscoveryTarget, ProviderMetadata, discovery_url},
        problem::{EndpointFault, EndpointFaultKind, ServiceError, UpstreamCause},
        provider::DiscoveryDemand,
        web_url::is_web_address,
        words,
    },
    service::{Discovery, ServiceResult},
};

use super::{outbound_limit::OutboundLimit, permission::require_anywhere};
use crate::protocol::{
    http::{FetchError, FetchErrorKind, OutboundClient},
    oidc::{self, DiscoverError},
};

/// Reads discovery documents before anything is saved.
pub(super) struct DiscoveryService {
    pub(super) outbound: OutboundClient,
    pub(super) limit: OutboundLimit,
}

#[async_trait]
impl Discovery for DiscoveryService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.discovery.inspect")]
    async fn inspect(&self, actor: &Actor, address: &str, verify_tls: bool) -> ServiceResult<DiscoveryReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        let target = discovery_url(address).map_err(|error| refused(error.to_string()))?;
        let _permit = self.limit.admit()?;
        oidc::discover(&self.outbound, &target, verify_tls).await.map_err(discover_error)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.discovery.fetch_document")]
    async fn fetch_document(
        &self,
        actor: &Actor,
        address: &str,
        verify_tls: bool,
    ) -> ServiceResult<Map<String, Value>> {
        require_anywhere(actor, Permission::ManageProviders)?;
        let url = Url::parse(address.trim())
            .map_err(|_| refused("Enter a full URL, such as https://id.example.com.".to_owned()))?;
        let _permit = self.limit.admit()?;
        let fetched = oidc::fetch_document(&self.outbound, &url, verify_tls).await.map_err(fetch_error)?;
        match fetched.value {
            Value::Object(document) => Ok(document),
            _ => Err(ServiceError::Upstream {
                message: format!("The answer of {url} is JSON, but not an object."),
                advice: "Check that the address leads to the discovery document.".to_owned(),
                cause: UpstreamCause::NotAnObject,
            }),
        }
    }
}

/// Reads and validates a discovery document, and rejects one that falls short of the demand.
pub(super) async fn discover(
    outbound: &OutboundClient,
    address: &str,
    verify_tls: bool,
    demand: DiscoveryDemand,
) -> ServiceResult<DiscoveryReport> {
    let target = target(address, demand)?;
    let report = oidc::discover(outbound, &target, verify_tls).await.map_err(discover_error)?;
    match shortfall(&report, demand) {
        None => Ok(report),
        Some(error) => Err(error),
    }
}

/// What a report lacks of the demand.
fn shortfall(report: &DiscoveryReport, demand: DiscoveryDemand) -> Option<ServiceError> {
    match demand {
        DiscoveryDemand::Later => None,
        DiscoveryDemand::Usable => {
            let mut messages = Vec::new();
            let mut advice: Vec<&str> = Vec::new();
            for finding in report.errors() {
                messages.push(finding.message.as_str());
                if !finding.advice.is_empty() && !advice.contains(&finding.advice.as_str()) {
                    advice.push(&finding.advice);
                }
            }
            (!messages.is_empty()).then(|| ServiceError::Upstream {
                message: messages.join(" "),
                advice: advice.join(" "),
                cause: UpstreamCause::Other,
            })
        }
        DiscoveryDemand::Endpoints | DiscoveryDemand::CodeFlow => {
            let faults = endpoint_faults(&report.metadata, demand);
            (!faults.is_empty()).then(|| ServiceError::Upstream {
                message: faults.iter().map(in_words).collect::<Vec<_>>().join(" "),
                advice: "Check that the address leads to the discovery document, and ask the provider to correct it."
                    .to_owned(),
                cause: UpstreamCause::Endpoints { faults },
            })
        }
    }
}

/// Every endpoint that falls short of the demand.
///
/// The Waldur dialect has no place for findings, so it rejects what it cannot store. Elsewhere an endpoint that sign-in
/// can do without is left out with a finding.
fn endpoint_faults(metadata: &ProviderMetadata, demand: DiscoveryDemand) -> Vec<EndpointFault> {
    let is_strict = demand == DiscoveryDemand::Endpoints;
    let mut faults = Vec::new();
    for (member, endpoint, is_needed) in [
        ("userinfo_endpoint", &metadata.userinfo_endpoint, is_strict),
        ("token_endpoint", &metadata.token_endpoint, true),
        ("authorization_endpoint", &metadata.authorization_endpoint, true),
        ("jwks_uri", &metadata.jwks_uri, false),
        ("end_session_endpoint", &metadata.end_session_endpoint, false),
    ] {
        let kind = match endpoint {
            Some(endpoint) if is_web_address(endpoint) => continue,
            Some(_) => EndpointFaultKind::NotAUrl,
            None if metadata.raw.get(member).is_some_and(|value| !value.is_null() && !value.is_string()) => {
                EndpointFaultKind::NotText
            }
            None => EndpointFaultKind::Missing,
        };
        if is_needed || (is_strict && kind != EndpointFaultKind::Missing) {
            faults.push(EndpointFault { member: member.to_owned(), kind });
        }
    }
    faults
}

fn in_words(fault: &EndpointFault) -> String {
    let EndpointFault { member, kind } = fault;
    match kind {
        EndpointFaultKind::Missing => format!("The discovery document lacks {member}."),
        EndpointFaultKind::NotText => format!("In the discovery document, {member} is not text."),
        EndpointFaultKind::NotAUrl => format!("In the discovery document, {member} is not a full URL."),
    }
}

/// The portal accepts an issuer or the address of a document; the Waldur dialect and stored providers name the document
/// itself.
pub(super) fn target(address: &str, demand: DiscoveryDemand) -> ServiceResult<DiscoveryTarget> {
    let exact = demand != DiscoveryDemand::Usable && !address.contains("/.well-known/openid-configuration");
    if exact && let Ok(url) = Url::parse(address.trim()) {
        return Ok(DiscoveryTarget { url, expected_issuer: None });
    }
    discovery_url(address).map_err(|error| refused(error.to_string()))
}

pub(super) fn refused(reason: String) -> ServiceError {
    ServiceError::Upstream {
        message: reason.clone(),
        advice: "Enter the address as https://host/path.".to_owned(),
        cause: UpstreamCause::Refused { reason },
    }
}

fn discover_error(error: DiscoverError) -> ServiceError {
    match error {
        DiscoverError::Fetch(error) => fetch_error(error),
        DiscoverError::Document { finding, .. } => ServiceError::Upstream {
            message: finding.message,
            advice: finding.advice,
            cause: UpstreamCause::NotAnObject,
        },
    }
}

pub(super) fn fetch_error(error: FetchError) -> ServiceError {
    let cause = match &error.kind {
        FetchErrorKind::InvalidUrl(fault) => UpstreamCause::Refused { reason: fault.to_string() },
        FetchErrorKind::Refused(refusal) => UpstreamCause::Refused { reason: refusal.to_string() },
        FetchErrorKind::Unresolvable { .. } => UpstreamCause::Refused { reason: error.kind.to_string() },
        FetchErrorKind::Tls(_) => UpstreamCause::Tls,
        FetchErrorKind::Connect(_) | FetchErrorKind::Interrupted(_) => UpstreamCause::Connect,
        FetchErrorKind::Timeout { .. } if error.is_connect() => UpstreamCause::Connect,
        FetchErrorKind::Timeout { .. } => UpstreamCause::Timeout,
        FetchErrorKind::Status { status } => UpstreamCause::Status { status: *status },
        FetchErrorKind::NotJson { .. } => UpstreamCause::NotJson,
        FetchErrorKind::TooLarge { .. } | FetchErrorKind::TooManyRedirects { .. } | FetchErrorKind::BadRedirect(_) => {
            UpstreamCause::Other
        }
    };
    ServiceError::Upstream { message: sentence(&error), advice: error.advice(), cause }
}

pub(super) fn sentence(error: &impl ToString) -> String {
    words::sentence(&error.to_string())
}
