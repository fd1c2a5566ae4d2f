//! Which step reports a finding, and the result of a step from its findings.

use vestibule_app::domain::discovery::{Finding, FindingCode, Severity};

use super::super::run::StepResult;

/// The steps that report findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OidcStep {
    Discovery,
    Issuer,
    Endpoints,
    SignIn,
    Client,
    Scopes,
    Keys,
}

fn step_of(finding: &Finding) -> OidcStep {
    use FindingCode as Code;
    match finding.code {
        Code::JwksUnreachable
        | Code::JwksNotAKeySet
        | Code::NoSigningKey
        | Code::DuplicateKeyId
        | Code::KeyIdMissing
        | Code::TooManyKeys
        | Code::KeyUnusable
        | Code::PrivateKeyPublished => OidcStep::Keys,
        Code::CodeFlowUnsupported
        | Code::CodeGrantNotListed
        | Code::SigningAlgorithmUnsupported
        | Code::Rs256NotListed
        | Code::PkceNotListed => OidcStep::SignIn,
        Code::ClientAuthenticationUnsupported => OidcStep::Client,
        Code::OpenidScopeNotListed => OidcStep::Scopes,
        _ => match finding.member.as_deref() {
            Some("issuer") => OidcStep::Issuer,
            Some("jwks_uri") => OidcStep::Endpoints,
            Some(member) if member.ends_with("_endpoint") => OidcStep::Endpoints,
            Some("response_types_supported" | "id_token_signing_alg_values_supported") => OidcStep::SignIn,
            _ => OidcStep::Discovery,
        },
    }
}

/// The result of a step from its findings: the worst severity, and all messages.
pub(super) fn judged(findings: &[Finding], step: OidcStep, well: &str) -> StepResult {
    judged_if(findings, step, |_| true, well)
}

/// As [`judged`], from those findings that count.
pub(super) fn judged_if(
    findings: &[Finding],
    step: OidcStep,
    counts: impl Fn(&Finding) -> bool,
    well: &str,
) -> StepResult {
    let about = findings.iter().filter(|finding| step_of(finding) == step && counts(finding));
    about.fold(StepResult::ok(well), |found, Finding { severity, message, advice, .. }| match severity {
        Severity::Error => found.and_failed(message, advice),
        Severity::Warning => found.also(message, advice),
        Severity::Info => found,
    })
}
