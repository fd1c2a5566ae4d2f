//! The steps that judge a document that was read.

use vestibule_app::domain::{
    connection::StepName,
    discovery::{DiscoveryTarget, Finding, FindingCode},
};

use super::{
    super::run::TestRun,
    findings::{OidcStep, judged, judged_if},
    in_use::{compare, is_entered, scopes, secret},
    subject::OidcTest,
};
use crate::protocol::oidc::ReadDocument;

/// The findings of the document, with advice for a provider that is configured.
pub(super) fn findings_of(test: &OidcTest, document: &ReadDocument) -> Vec<Finding> {
    let mut findings = document.findings();
    if test.was_read {
        for finding in findings.iter_mut().filter(|finding| finding.code == FindingCode::IssuerMismatch) {
            finding.advice = "If the provider means to have another issuer, discover it again. If it does not, stop \
                              here: the document speaks for another provider."
                .to_owned();
        }
    }
    findings
}

pub(super) fn judge_document(test: &OidcTest, target: &DiscoveryTarget, document: &ReadDocument, run: &mut TestRun) {
    let findings = findings_of(test, document);
    let metadata = document.metadata();

    let step = run.step(StepName::Issuer);
    let well = match &target.expected_issuer {
        Some(_) => "The document names the issuer that was expected.".to_owned(),
        None => format!("The document names the issuer {}.", metadata.issuer.as_deref().unwrap_or_default()),
    };
    run.close(step, judged(&findings, OidcStep::Issuer, &well));

    let step = run.step(StepName::Endpoints);
    // Endpoints that were entered by hand need not be in the document.
    let needed = |finding: &Finding| !is_entered(&test.overrides, finding.member.as_deref());
    let found = judged_if(&findings, OidcStep::Endpoints, needed, "The endpoints that signing in needs are there.");
    run.close(step, compare(found, test, metadata));

    let step = run.step(StepName::SignIn);
    let needed = |finding: &Finding| test.pkce || finding.code != FindingCode::PkceNotListed;
    let found = judged_if(&findings, OidcStep::SignIn, needed, "The provider offers the authorization code flow.");
    run.close(step, found);

    let step = run.step(StepName::Client);
    let well = match &metadata.token_endpoint_auth_methods_supported {
        Some(_) => {
            "The provider lists a client authentication that is supported here. Client ID and secret are tried when \
             a user signs in."
        }
        None => {
            "The provider does not list how clients authenticate, which means client_secret_basic. Client ID and \
             secret are tried when a user signs in."
        }
    };
    run.close(step, secret(judged(&findings, OidcStep::Client, well), test.has_secret, metadata));

    // A provider that lists no scopes gives nothing to compare with.
    if let Some(supported) = &metadata.scopes_supported {
        let step = run.step(StepName::Scopes);
        let found = judged(&findings, OidcStep::Scopes, "All requested scopes are supported.");
        run.close(step, scopes(found, &test.scopes, supported));
    }
}
