//! Discovery of OpenID providers: who may ask for it, and what its failures mean to the services.

use async_trait::async_trait;
use serde_json::{Map, Value};
use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        discovery::{DiscoveryReport, DiscoveryTarget, discovery_url},
        problem::{ServiceError, UpstreamCause},
        provider::DiscoveryDemand,
        words,
    },
    service::{Discovery, ServiceResult},
};

use super::{Core, require_anywhere};
use crate::protocol::{
    http::{FetchError, FetchErrorKind},
    oidc::{self, DiscoverError},
};

#[async_trait]
impl Discovery for Core {
    async fn inspect(&self, actor: &Actor, address: &str, verify_tls: bool) -> ServiceResult<DiscoveryReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        let target = discovery_url(address).map_err(|error| refused(error.to_string()))?;
        let _leave = self.tests.admit()?;
        oidc::discover(&self.outbound, &target, verify_tls).await.map_err(discover_error)
    }

    async fn document(&self, actor: &Actor, address: &str, verify_tls: bool) -> ServiceResult<Map<String, Value>> {
        require_anywhere(actor, Permission::ManageProviders)?;
        let url = Url::parse(address.trim()).map_err(|error| refused(format!("Enter a valid URL ({error}).")))?;
        let _leave = self.tests.admit()?;
        let fetched = oidc::fetch_document(&self.outbound, &url, verify_tls).await.map_err(fetch_error)?;
        match fetched.value {
            Value::Object(document) => Ok(document),
            _ => Err(ServiceError::Upstream {
                message: format!("{url} answered JSON that is no object."),
                advice: "Check that the address leads to the discovery document.".to_owned(),
                cause: UpstreamCause::NotJson,
            }),
        }
    }
}

impl Core {
    /// Reads and judges a discovery document, and refuses what falls short of the demand.
    pub(super) async fn discover(
        &self,
        address: &str,
        verify_tls: bool,
        demand: DiscoveryDemand,
    ) -> ServiceResult<DiscoveryReport> {
        let target = target(address, demand)?;
        let report = oidc::discover(&self.outbound, &target, verify_tls).await.map_err(discover_error)?;
        match shortfall(&report, demand) {
            None => Ok(report),
            Some(error) => Err(error),
        }
    }
}

/// What a report lacks of the demand.
fn shortfall(report: &DiscoveryReport, demand: DiscoveryDemand) -> Option<ServiceError> {
    match demand {
        DiscoveryDemand::Later => None,
        DiscoveryDemand::Usable => report.errors().next().map(|finding| ServiceError::Upstream {
            message: finding.message.clone(),
            advice: finding.advice.clone(),
            cause: UpstreamCause::Other,
        }),
        DiscoveryDemand::Endpoints | DiscoveryDemand::CodeFlow => {
            let metadata = &report.metadata;
            let userinfo = ("userinfo_endpoint", &metadata.userinfo_endpoint);
            let needed = [
                ("token_endpoint", &metadata.token_endpoint),
                ("authorization_endpoint", &metadata.authorization_endpoint),
            ];
            let userinfo = (demand == DiscoveryDemand::Endpoints).then_some(userinfo);
            let missing =
                userinfo.into_iter().chain(needed).find(|(_, value)| value.as_deref().is_none_or(str::is_empty));
            missing.map(|(member, _)| ServiceError::Upstream {
                message: format!("The discovery document lacks {member}."),
                advice: "Check that the address leads to the discovery document.".to_owned(),
                cause: UpstreamCause::Missing { member: member.to_owned() },
            })
        }
    }
}

/// The portal takes an issuer or a document's address; the Waldur dialect always means the address itself, and so does
/// what is stored.
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
        DiscoverError::Document { findings, .. } => {
            let first = findings.into_iter().next();
            let (message, advice) = first.map(|finding| (finding.message, finding.advice)).unwrap_or_default();
            ServiceError::Upstream { message, advice, cause: UpstreamCause::NotJson }
        }
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
        FetchErrorKind::NotJson { .. } | FetchErrorKind::TooLarge { .. } => UpstreamCause::NotJson,
        FetchErrorKind::TooManyRedirects { .. } | FetchErrorKind::BadRedirect(_) => UpstreamCause::Other,
    };
    ServiceError::Upstream { message: sentence(&error), advice: error.advice(), cause }
}

/// An error as a sentence for people.
pub(super) fn sentence(error: &impl ToString) -> String {
    words::sentence(&error.to_string())
}
