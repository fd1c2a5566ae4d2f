//! The issuer: what the document contains against what was requested.
//!
//! A document with another issuer would let one provider impersonate another, so an unexpected issuer is an error.
//! Where none is expected, the document's issuer is accepted.

use url::Url;

use super::{endpoints::is_loopback, excerpt::excerpt};
use crate::domain::discovery::{DiscoveryTarget, Finding, FindingCode, ProviderMetadata, WELL_KNOWN_PATH};

pub(super) fn check(target: &DiscoveryTarget, metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    let findings_before = findings.len();
    match metadata.issuer.as_deref() {
        None if metadata.has_parse_finding("issuer") => {}
        None => findings.push(
            Finding::error(FindingCode::IssuerMissing, metadata.absence("issuer"))
                .advise("Check that the address is that of an OpenID Connect provider."),
        ),
        Some(template) if is_template(target, template) => {
            findings.push(
                Finding::warning(
                    FindingCode::IssuerIsATemplate,
                    format!("The issuer {} stands for many tenants: each token names its own.", excerpt(template)),
                )
                .advise(
                    "Put your tenant's id into the address in place of common or organizations, unless everybody with \
                     an account at the provider may sign in.",
                ),
            );
            if !is_at_home(target, template) {
                check_identity(target, template, findings);
            }
        }
        Some(issuer) => {
            check_form(issuer, findings);
            check_identity(target, issuer, findings);
        }
    }
    for finding in &mut findings[findings_before..] {
        finding.member = Some("issuer".to_owned());
    }
}

/// Microsoft Entra's documents for several tenants contain `{tenantid}` literally.
///
/// Where an issuer is expected, only a template of the requested host is accepted without comparison: otherwise the
/// placeholder would let a document impersonate any provider.
fn is_template(target: &DiscoveryTarget, issuer: &str) -> bool {
    issuer.to_ascii_lowercase().contains("{tenantid}")
        && (target.expected_issuer.is_none() || is_at_home(target, issuer))
}

fn is_at_home(target: &DiscoveryTarget, issuer: &str) -> bool {
    Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == target.url.origin())
}

fn check_form(issuer: &str, findings: &mut Vec<Finding>) {
    let Ok(url) = Url::parse(issuer) else {
        findings.push(
            Finding::warning(
                FindingCode::IssuerNotAUrl,
                format!("The issuer {:?} is not a full URL.", excerpt(issuer)),
            )
            .advise("Tokens must name it exactly like this."),
        );
        return;
    };
    if url.scheme() != "https" && !is_loopback(&url) {
        findings.push(
            Finding::warning(
                FindingCode::IssuerNotHttps,
                format!("The issuer {} does not use https.", excerpt(issuer)),
            )
            .advise("Anybody on the way can pose as this provider; use https outside a test."),
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        findings.push(
            Finding::warning(
                FindingCode::IssuerHasQueryOrFragment,
                format!("The issuer {} has a query or a fragment, which an issuer must not.", excerpt(issuer)),
            )
            .advise("Tokens must name it exactly like this."),
        );
    }
}

fn check_identity(target: &DiscoveryTarget, issuer: &str, findings: &mut Vec<Finding>) {
    let named = excerpt(issuer);
    match target.expected_issuer.as_deref() {
        Some(expected) if expected == issuer => {}
        Some(expected) if is_same_place(expected, issuer) => findings.push(
            Finding::info(
                FindingCode::IssuerTrailingSlash,
                match differs_by_a_slash(expected, issuer) {
                    true => format!("The provider spells its issuer {named}; it differs by a slash at the end."),
                    false => format!("The provider spells its issuer {named}, which is the same address."),
                },
            )
            .advise("The provider's spelling is used."),
        ),
        Some(expected) => findings.push(
            Finding::error(
                FindingCode::IssuerMismatch,
                format!("The document names the issuer {named}, and {expected} was expected."),
            )
            .advise(mismatch_advice(target, expected, issuer)),
        ),
        None => {
            let mut home = target.url.clone();
            home.set_query(None);
            let home = home.as_str();
            // With the suffix in the middle of the path (RFC 8414) there is no prefix to compare.
            if let Some(prefix) = home.strip_suffix(WELL_KNOWN_PATH)
                && !is_same_place(prefix, issuer)
            {
                findings.push(
                    Finding::warning(
                        FindingCode::IssuerNotAtUrl,
                        format!("The document at {home} names the issuer {named}, which is another place."),
                    )
                    .advise("Make sure that this is the provider you mean: only it can speak for this issuer."),
                );
            }
        }
    }
}

/// The document's own address can always be entered, since the document's issuer is accepted then. Entering the issuer
/// that it contains may not work: Azure AD B2C's documents cannot be read from there.
fn mismatch_advice(target: &DiscoveryTarget, expected: &str, issuer: &str) -> String {
    let rest = |address: &str| address.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_owned());
    let cause = match rest(expected) == rest(issuer) {
        true => {
            "They differ in http and https alone, as when a provider behind a proxy does not know its public address: \
             have that corrected at the provider. "
        }
        false => "",
    };
    format!(
        "{cause}If this is the provider you mean, enter the address of its document, {}, in place of the issuer. If it \
         is not, stop here: the document speaks for another provider.",
        target.url
    )
}

/// Whether two addresses are equal apart from trailing slashes, the case of scheme and host, and a default port.
fn is_same_place(a: &str, b: &str) -> bool {
    let normal = |text: &str| {
        let text = Url::parse(text).map_or_else(|_| text.to_owned(), String::from);
        text.trim_end_matches('/').to_owned()
    };
    normal(a) == normal(b)
}

fn differs_by_a_slash(a: &str, b: &str) -> bool {
    a.strip_suffix('/').unwrap_or(a) == b.strip_suffix('/').unwrap_or(b)
}
