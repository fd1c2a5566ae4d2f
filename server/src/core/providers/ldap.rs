//! The settings of directories: what only the server can judge of them.

use vestibule_app::domain::{
    problem::{Problem, ProblemCode},
    provider::LdapConfig,
    secret::Secret,
};

use crate::protocol::{
    http::{OutboundPolicy, Refusal},
    ldap::{PemFault, check_authorities, check_client_identity, check_filter},
};

/// What is wrong with settings. `stored` are those from before, whose key stays when none is given.
pub(super) fn problems(policy: &OutboundPolicy, config: &LdapConfig, stored: Option<&LdapConfig>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (field, filter) in [
        ("user_filter", &config.user_filter),
        ("disabled_filter", &config.disabled_filter),
        ("group_filter", &config.groups.filter),
    ] {
        if let Some(Err(fault)) = filter.as_deref().map(check_filter) {
            problems.push(Problem::new(field, ProblemCode::Malformed, fault.to_string()));
        }
    }
    if !config.tls_verify && !policy.allows_insecure_tls() && stored.is_none_or(|stored| stored.tls_verify) {
        problems.push(Problem::new("tls_verify", ProblemCode::NotAllowed, Refusal::UnverifiedTls.advice()));
    }
    if let Some(Err(fault)) = config.ca_certificate.as_deref().map(check_authorities) {
        problems.push(malformed("ca_certificate", fault));
    }
    problems.extend(identity(config, stored));
    problems
}

/// The key that will be in force: the one that is given, else the stored one as long as there is a certificate for it.
pub(super) fn key_in_force<'a>(config: &'a LdapConfig, stored: Option<&'a LdapConfig>) -> Option<&'a Secret> {
    let given = config.client_key.as_ref();
    let kept = stored.and_then(|stored| stored.client_key.as_ref());
    config.client_certificate.as_ref()?;
    given.or(kept).filter(|key| !key.is_empty())
}

fn identity(config: &LdapConfig, stored: Option<&LdapConfig>) -> Option<Problem> {
    let has_key = config.client_key.as_ref().is_some_and(|key| !key.is_empty());
    match (&config.client_certificate, key_in_force(config, stored)) {
        (None, _) if has_key => {
            Some(Problem::new("client_certificate", ProblemCode::Required, "Give the certificate that the key is for."))
        }
        (None, _) => None,
        (Some(_), None) => Some(Problem::new("client_key", ProblemCode::Required, "Give the key of the certificate.")),
        (Some(certificate), Some(key)) => {
            let fault = check_client_identity(certificate, key).err()?;
            let field = match fault {
                PemFault::NoCertificate | PemFault::CertificateUnusable => "client_certificate",
                PemFault::KeyUnusable | PemFault::KeyMismatch => "client_key",
            };
            Some(malformed(field, fault))
        }
    }
}

fn malformed(field: &str, fault: PemFault) -> Problem {
    Problem::new(field, ProblemCode::Malformed, format!("This cannot be used: {fault}."))
}
