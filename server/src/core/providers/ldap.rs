//! Checks the settings of directories that only the server can check.

use vestibule_app::domain::{
    patch::Patch,
    problem::{Problem, ProblemCode},
    provider::{LdapConfig, LdapFieldKind, LdapInput, LdapValue, Referrals},
    secret::Secret,
};

use crate::protocol::{
    http::{OutboundPolicy, Refusal},
    ldap::{PemFault, check_authorities, check_client_identity, check_filter, check_key},
};

/// The problem when the stored password would be sent to another server.
pub(in crate::core) const PASSWORD_AGAIN: &str = "Enter the password again: the stored one is only sent to the servers, and protected by the TLS, that it was stored for.";

/// Whether a connection by these settings leads to another server than by the earlier ones, or is less protected. An
/// administrator who may change a provider may not read its password, and their own server could.
///
/// Referrals lead where the directory says, and Active Directory refers for any base that it does not hold.
pub(in crate::core) fn leads_elsewhere(before: &LdapConfig, after: &LdapConfig) -> bool {
    let is_known = |url: &String| before.urls.iter().any(|known| known.trim().eq_ignore_ascii_case(url.trim()));
    let authorities = |config: &LdapConfig| config.ca_certificate.as_deref().map(str::trim).map(str::to_owned);
    let follows = |config: &LdapConfig| config.limits.referrals == Referrals::Follow;
    let bases = |config: &LdapConfig| {
        [config.base_dn.as_str(), config.users_below(), config.groups_below()].map(str::to_ascii_lowercase)
    };
    !after.urls.iter().all(is_known)
        || before.start_tls && !after.start_tls
        || before.tls_verify && !after.tls_verify
        || authorities(before) != authorities(after)
        || follows(after) && (!follows(before) || bases(before) != bases(after))
}

/// The problem when the stored password is needed and does not open.
const PASSWORD_LOST: &str =
    "Enter the password again: the stored one was sealed with a key that this server does not have.";

/// The problems of settings. `stored` are the earlier ones with their secrets, which the input may keep.
pub(in crate::core) fn problems(
    policy: &OutboundPolicy,
    input: &LdapInput,
    stored: Option<&LdapConfig>,
) -> Vec<Problem> {
    let config = input.config();
    let mut problems = Vec::new();
    for field in LdapConfig::fields().iter().filter(|field| field.kind == LdapFieldKind::Filter) {
        if let LdapValue::Text(Some(filter)) = field.value(config)
            && let Err(fault) = check_filter(filter)
        {
            problems.push(Problem::new(field.name, ProblemCode::Malformed, fault.to_string()));
        }
    }
    if !config.tls_verify && !policy.allows_insecure_tls() && stored.is_none_or(|stored| stored.tls_verify) {
        problems.push(Problem::new("tls_verify", ProblemCode::NotAllowed, Refusal::UnverifiedTls.advice()));
    }
    if let Some(Err(fault)) = config.ca_certificate.as_deref().map(check_authorities) {
        problems.push(malformed("ca_certificate", fault));
    }
    if let Some(stored) = stored.filter(|stored| stored.has_bind_password && input.bind_password().is_keep()) {
        if leads_elsewhere(stored, config) {
            problems.push(Problem::new("bind_password", ProblemCode::Required, PASSWORD_AGAIN));
        } else if stored.bind_password.is_none() && !input.client_key().is_keep() {
            // Secrets are sealed as one object: sealing the new key would drop the old password.
            problems.push(Problem::new("bind_password", ProblemCode::Required, PASSWORD_LOST));
        }
    }
    problems.extend(identity(input, stored));
    problems
}

/// The key that the settings will have: the given one, else the stored one as long as there is a certificate for it.
pub(super) fn key_in_force<'a>(input: &'a LdapInput, stored: Option<&'a LdapConfig>) -> Option<&'a Secret> {
    input.config().client_certificate.as_ref()?;
    let key = match input.client_key() {
        Patch::Keep => stored.and_then(|stored| stored.client_key.as_ref()),
        Patch::Clear => None,
        Patch::Set(key) => Some(key),
    };
    key.filter(|key| !key.is_empty())
}

fn identity(input: &LdapInput, stored: Option<&LdapConfig>) -> Vec<Problem> {
    let has_key = input.client_key().value().is_some_and(|key| !key.is_empty());
    match (&input.config().client_certificate, key_in_force(input, stored)) {
        (None, _) if has_key => {
            let message = "Give the certificate that the key is for.";
            vec![Problem::new("client_certificate", ProblemCode::Required, message)]
        }
        (None, _) => Vec::new(),
        (Some(_), None) => {
            vec![Problem::new("client_key", ProblemCode::Required, "Give the key of the certificate.")]
        }
        (Some(certificate), Some(key)) => match check_client_identity(certificate, key) {
            Ok(()) => Vec::new(),
            Err(fault @ (PemFault::KeyUnusable | PemFault::KeyMismatch)) => vec![malformed("client_key", fault)],
            Err(fault @ (PemFault::NoCertificate | PemFault::CertificateUnusable)) => {
                let key = check_key(key).err().map(|fault| malformed("client_key", fault));
                std::iter::once(malformed("client_certificate", fault)).chain(key).collect()
            }
        },
    }
}

fn malformed(field: &str, fault: PemFault) -> Problem {
    Problem::new(field, ProblemCode::Malformed, format!("This cannot be used: {fault}."))
}
