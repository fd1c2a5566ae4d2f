//! The issuer: who the provider says it is, against who it was asked to be.
//!
//! A document that names somebody else would let one provider speak for another, so an unexpected issuer is an error.
//! Only when nothing is expected yet is the document believed.

use url::Url;

use super::endpoints::is_loopback;
use crate::domain::discovery::{DiscoveryTarget, Finding, FindingCode, ProviderMetadata, WELL_KNOWN_PATH};

pub(super) fn check(target: &DiscoveryTarget, metadata: &ProviderMetadata, findings: &mut Vec<Finding>) {
    let findings_before = findings.len();
    match metadata.issuer.as_deref() {
        None | Some("") => findings.push(
            Finding::error(FindingCode::IssuerMissing, "The document does not name its issuer.")
                .advise("Check that the address is that of an OpenID Connect provider."),
        ),
        Some(template) if is_template(target, template) => findings.push(
            Finding::warning(
                FindingCode::IssuerIsATemplate,
                format!("The issuer {template} stands for many tenants: each token names its own."),
            )
            .advise(
                "Put your tenant's id into the address in place of common or organizations, unless everybody with an \
                 account at the provider may sign in.",
            ),
        ),
        Some(issuer) => {
            check_form(issuer, findings);
            check_identity(target, issuer, findings);
        }
    }
    for finding in &mut findings[findings_before..] {
        finding.member = Some("issuer".to_owned());
    }
}

/// Microsoft Entra's documents for several tenants hold `{tenantid}` literally.
///
/// Only a template of the host that was asked is let off the comparison with the expected issuer: otherwise the word
/// would be a way for a document to speak for anybody.
fn is_template(target: &DiscoveryTarget, issuer: &str) -> bool {
    issuer.to_ascii_lowercase().contains("{tenantid}")
        && Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == target.url.origin())
}

fn check_form(issuer: &str, findings: &mut Vec<Finding>) {
    let Ok(url) = Url::parse(issuer) else {
        findings.push(
            Finding::warning(FindingCode::IssuerNotAUrl, format!("The issuer {issuer:?} is not a full address."))
                .advise("Tokens must name it exactly like this."),
        );
        return;
    };
    if url.scheme() != "https" && !is_loopback(&url) {
        findings.push(
            Finding::warning(FindingCode::IssuerNotHttps, format!("The issuer {issuer} does not use https."))
                .advise("Anybody on the way can pose as this provider; use https outside a test."),
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        findings.push(
            Finding::warning(
                FindingCode::IssuerHasQueryOrFragment,
                format!("The issuer {issuer} has a query or a fragment, which an issuer must not."),
            )
            .advise("Tokens must name it exactly like this."),
        );
    }
}

fn check_identity(target: &DiscoveryTarget, issuer: &str, findings: &mut Vec<Finding>) {
    match target.expected_issuer.as_deref() {
        Some(expected) if expected == issuer => {}
        Some(expected) if differs_by_a_slash(expected, issuer) => findings.push(
            Finding::info(
                FindingCode::IssuerTrailingSlash,
                format!("The provider spells its issuer {issuer}; it differs by a slash at the end."),
            )
            .advise("The provider's spelling is used."),
        ),
        Some(expected) => findings.push(
            Finding::error(
                FindingCode::IssuerMismatch,
                format!("The document names the issuer {issuer}, and {expected} was expected."),
            )
            .advise(
                "Enter the issuer exactly as the provider spells it. If it is another provider's, do not go on: the \
                 document speaks for somebody else.",
            ),
        ),
        None => {
            let mut home = target.url.clone();
            home.set_query(None);
            let home = home.as_str();
            // Where the suffix stands in the middle (RFC 8414 style) there is no prefix to compare with.
            if let Some(prefix) = home.strip_suffix(WELL_KNOWN_PATH)
                && prefix.trim_end_matches('/') != issuer.trim_end_matches('/')
            {
                findings.push(
                    Finding::warning(
                        FindingCode::IssuerNotAtUrl,
                        format!("The document at {home} names the issuer {issuer}, which is another place."),
                    )
                    .advise("Make sure that this is the provider you mean: only it can vouch for this issuer."),
                );
            }
        }
    }
}

fn differs_by_a_slash(a: &str, b: &str) -> bool {
    a.strip_suffix('/').unwrap_or(a) == b.strip_suffix('/').unwrap_or(b)
}
