//! Reads and checks the certificates of SAML providers, which only the server can.

use vestibule_app::domain::{
    problem::{Problem, ProblemCode},
    provider::{ConfigInput, SamlCertificate, SamlInput},
};

use crate::protocol::saml::certificate;

/// The problem of the certificates of new settings.
pub(super) fn problem_of_new(config: &ConfigInput) -> Option<Problem> {
    match config {
        ConfigInput::Saml(input) => problem(input),
        ConfigInput::Oidc(_) | ConfigInput::Ldap(_) => None,
    }
}

/// The problem of the certificates. Expired ones are accepted: the connection test reports them, and a provider may be
/// created before its rollover.
pub(super) fn problem(input: &SamlInput) -> Option<Problem> {
    let error = certificate::read(&input.certificate).err()?;
    let code = match error {
        certificate::CertificateError::Empty => ProblemCode::Blank,
        _ => ProblemCode::Malformed,
    };
    Some(Problem::new("certificate", code, error.explain()))
}

/// The certificates of settings without problems.
pub(super) fn certificates(text: &str) -> Vec<SamlCertificate> {
    certificate::read(text).unwrap_or_default()
}
