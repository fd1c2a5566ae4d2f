//! The settings of SAML providers: what the core adds to what was entered.

use vestibule_app::domain::{
    problem::{Problem, ProblemCode},
    provider::{ConfigInput, SamlCertificate, SamlInput},
};

use crate::protocol::saml::certificate;

/// What is wrong with the certificates of new settings, which only the server can read.
pub(super) fn problem_of_new(config: &ConfigInput) -> Option<Problem> {
    match config {
        ConfigInput::Saml(input) => problem(input),
        ConfigInput::Oidc(_) | ConfigInput::Ldap(_) => None,
    }
}

/// What is wrong with the certificates. Expired ones are accepted: the connection test tells of them, and a provider may
/// be entered before its rollover.
pub(super) fn problem(input: &SamlInput) -> Option<Problem> {
    let error = certificate::read(&input.certificate).err()?;
    let code = match error {
        certificate::CertificateError::Empty => ProblemCode::Blank,
        _ => ProblemCode::Malformed,
    };
    Some(Problem::new("certificate", code, error.explain()))
}

/// The certificates of settings in which no problem was found.
pub(super) fn certificates(text: &str) -> Vec<SamlCertificate> {
    certificate::read(text).unwrap_or_default()
}
