//! The endpoints: which are required, and whether a browser or a server can reach each.

use url::{Host, ParseError, Url};

use super::excerpt::excerpt;
use crate::domain::discovery::{Finding, FindingCode, ProviderMetadata};

pub(super) fn check(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    for (member, endpoint) in [
        ("authorization_endpoint", &metadata.authorization_endpoint),
        ("token_endpoint", &metadata.token_endpoint),
        ("jwks_uri", &metadata.jwks_uri),
    ] {
        match endpoint {
            Some(endpoint) => findings.extend(check_endpoint(member, endpoint, Finding::error)),
            None if metadata.has_parse_finding(member) => {}
            None => findings.push(
                Finding::error(FindingCode::MemberMissing, metadata.absence(member))
                    .about(member)
                    .advise("Check that the address is that of an OpenID Connect provider."),
            ),
        }
    }
    for (member, endpoint) in [
        ("userinfo_endpoint", &metadata.userinfo_endpoint),
        ("end_session_endpoint", &metadata.end_session_endpoint),
        ("registration_endpoint", &metadata.registration_endpoint),
        ("introspection_endpoint", &metadata.introspection_endpoint),
        ("revocation_endpoint", &metadata.revocation_endpoint),
    ] {
        if let Some(endpoint) = endpoint {
            findings.extend(check_endpoint(member, endpoint, Finding::warning));
        }
    }
    if metadata.userinfo_endpoint.is_none() && !metadata.has_parse_finding("userinfo_endpoint") {
        findings.push(
            Finding::info(FindingCode::UserinfoEndpointMissing, "The provider has no userinfo endpoint.")
                .about("userinfo_endpoint")
                .advise("Claims come from the ID token alone."),
        );
    }
}

fn check_endpoint(member: &str, endpoint: &str, severity: fn(FindingCode, String) -> Finding) -> Option<Finding> {
    let not_a_url = |reason: String| {
        let message = format!("{member} is not a full URL: {:?} {reason}.", excerpt(endpoint));
        severity(FindingCode::EndpointNotAUrl, message).advise("Ask the provider to correct its discovery document.")
    };
    let finding = match Url::parse(endpoint) {
        Err(ParseError::RelativeUrlWithoutBase) => not_a_url("is relative".to_owned()),
        Err(error) => not_a_url(format!("cannot be read ({error})")),
        Ok(url) if !matches!(url.scheme(), "http" | "https") => not_a_url("is neither https nor http".to_owned()),
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => {
            Finding::warning(FindingCode::EndpointNotHttps, format!("{member} does not use https."))
                .advise("Codes, tokens and claims can be read on the way; use https outside a test.")
        }
        Ok(url) if url.fragment().is_some() => {
            Finding::warning(FindingCode::EndpointHasFragment, format!("{member} has a part after #."))
                .advise("The part is not sent; ask the provider to remove it.")
        }
        Ok(_) => return None,
    };
    Some(finding.about(member))
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
