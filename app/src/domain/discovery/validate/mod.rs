//! Whether a provider can be used, by the rules of OpenID Connect Discovery 1.0, sections 3 and 4.3.
//!
//! Only what makes signing in impossible or unsafe is an error. Real providers violate many a "must" without harm;
//! those violations are warnings. `jwks` checks the keys once they are fetched.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DiscoveryTarget, Finding, FindingCode, ProviderMetadata, metadata::LISTS};

mod endpoints;
mod excerpt;
mod issuer;

/// How a client of ours can prove itself at the token endpoint.
const CLIENT_AUTHENTICATION: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

/// The asymmetric algorithms an ID token may be signed with.
const SIGNING_ALGORITHMS: [&str; 11] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"];

/// Everything there is to say about a document, in a fixed order; empty for a flawless one.
///
/// Includes the findings made while reading it ([`ProviderMetadata::parse_findings`]).
pub fn validate(target: &DiscoveryTarget, metadata: &ProviderMetadata) -> Vec<Finding> {
    let mut findings = metadata.parse_findings.clone();
    issuer::check(target, metadata, &mut findings);
    endpoints::check(metadata, &mut findings);
    check_flow(metadata, &mut findings);
    check_signing(metadata, &mut findings);
    check_client_authentication(metadata, &mut findings);
    check_scopes(metadata, &mut findings);
    check_duplicates(metadata, &mut findings);
    check_empty(metadata, &mut findings);
    findings
}

fn check_flow(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    let member = "response_types_supported";
    match &metadata.response_types_supported {
        None if metadata.has_parse_finding(member) => {}
        None => findings.push(
            Finding::warning(FindingCode::MemberMissing, metadata.absence(member))
                .about(member)
                .advise("The authorization code flow is tried anyway."),
        ),
        Some(types) if !lists(types, "code") => findings.push(
            Finding::error(FindingCode::CodeFlowUnsupported, "The provider does not offer the response type code.")
                .about(member)
                .advise("Enable the authorization code flow for this client at the provider."),
        ),
        Some(_) => {}
    }
    // Absent means authorization_code and implicit.
    if metadata.grant_types_supported.as_ref().is_some_and(|grants| !lists(grants, "authorization_code")) {
        findings.push(
            Finding::warning(
                FindingCode::CodeGrantNotListed,
                "The provider does not list the authorization code grant.",
            )
            .about("grant_types_supported")
            .advise("Test the sign-in before enabling the provider."),
        );
    }
    let (message, advice) = match &metadata.code_challenge_methods_supported {
        Some(methods) if lists(methods, "S256") => return,
        Some(_) => ("The provider lists PKCE methods, but not S256.", "Switch PKCE off if the sign-in fails."),
        // Microsoft Entra and others support PKCE without listing it.
        None => (
            "The provider does not say whether it supports PKCE.",
            "Many that support it do not list it; turn PKCE off only if the sign-in fails.",
        ),
    };
    findings.push(
        Finding::warning(FindingCode::PkceNotListed, message).about("code_challenge_methods_supported").advise(advice),
    );
}

fn check_signing(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    let member = "id_token_signing_alg_values_supported";
    let Some(algorithms) = &metadata.id_token_signing_alg_values_supported else {
        if !metadata.has_parse_finding(member) {
            findings.push(
                Finding::warning(FindingCode::MemberMissing, metadata.absence(member))
                    .about(member)
                    .advise("RS256 is expected."),
            );
        }
        return;
    };
    if !algorithms.iter().any(|algorithm| SIGNING_ALGORITHMS.contains(&algorithm.as_str())) {
        findings.push(
            Finding::warning(
                FindingCode::SigningAlgorithmUnsupported,
                "None of the listed ID token signing algorithms can be verified here.",
            )
            .about(member)
            .advise("Configure an asymmetric algorithm, such as RS256, for this client at the provider."),
        );
    } else if !lists(algorithms, "RS256") {
        findings.push(
            Finding::warning(
                FindingCode::Rs256NotListed,
                "The provider does not list RS256, which every provider must.",
            )
            .about(member)
            .advise("One of the listed algorithms is used."),
        );
    }
}

fn check_client_authentication(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    // Absent means client_secret_basic.
    let Some(methods) = &metadata.token_endpoint_auth_methods_supported else {
        return;
    };
    if !methods.iter().any(|method| CLIENT_AUTHENTICATION.contains(&method.as_str())) {
        let ours = CLIENT_AUTHENTICATION.join(", ");
        findings.push(
            Finding::warning(
                FindingCode::ClientAuthenticationUnsupported,
                "The provider lists no client authentication method that is supported here.",
            )
            .about("token_endpoint_auth_methods_supported")
            .advise(format!("Configure one of {ours} for this client at the provider.")),
        );
    }
}

fn check_scopes(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    if metadata.scopes_supported.as_ref().is_some_and(|scopes| !lists(scopes, "openid")) {
        findings.push(
            Finding::warning(FindingCode::OpenidScopeNotListed, "The provider does not list the scope openid.")
                .about("scopes_supported")
                .advise("It is asked for anyway; without it there is no ID token."),
        );
    }
    let member = "subject_types_supported";
    if metadata.subject_types_supported.is_none() && !metadata.has_parse_finding(member) {
        findings.push(Finding::info(FindingCode::MemberMissing, metadata.absence(member)).about(member));
    }
}

fn check_duplicates(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    for (member, list) in [
        ("claims_supported", &metadata.claims_supported),
        ("grant_types_supported", &metadata.grant_types_supported),
        ("response_types_supported", &metadata.response_types_supported),
        ("scopes_supported", &metadata.scopes_supported),
    ] {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<&String> = list.iter().flatten().filter(|item| !seen.insert(*item)).collect();
        if let Some(item) = twice.first() {
            let message = format!("{member} lists {item:?} more than once.");
            findings.push(Finding::info(FindingCode::DuplicateItems, message).about(member));
        }
    }
}

/// Empty lists that no other rule has spoken of.
fn check_empty(metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    for member in LISTS {
        let is_empty = metadata.raw.get(member).and_then(Value::as_array).is_some_and(Vec::is_empty);
        if is_empty && !findings.iter().any(|finding| finding.member.as_deref() == Some(member)) {
            findings.push(Finding::info(FindingCode::MemberEmpty, metadata.absence(member)).about(member));
        }
    }
}

fn lists(list: &[String], item: &str) -> bool {
    list.iter().any(|listed| listed == item)
}

#[cfg(test)]
mod tests;
