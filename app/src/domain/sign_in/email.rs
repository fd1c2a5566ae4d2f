//! The email address of a sign-in, and whether it counts as verified.

use super::policy::SignInPolicy;
use crate::domain::{
    mapping::{ClaimValue, Claims, Evaluation, UserField},
    provider::{EmailTrust, normalise_domain},
};

/// The email address that a provider sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailClaim {
    /// The address, as it was sent.
    pub address: String,
    /// Its domain in lower case and punycode.
    pub domain: Option<String>,
    /// Whether the address counts as verified, by the provider's `email_trust`.
    pub is_verified: bool,
    /// Whether the provider says that the address is not verified, or says something else than true. Saying nothing is not
    /// a denial: many providers never send `email_verified`.
    pub is_denied: bool,
}

/// Reads the mapped email address; `None` when the provider sent none that can be used.
pub fn read_email(evaluation: &Evaluation, claims: &Claims, policy: &SignInPolicy) -> Option<EmailClaim> {
    let address = evaluation.value(UserField::Email)?.as_text()?.to_owned();
    let domain = address.rsplit_once('@').and_then(|(_, domain)| normalise_domain(domain));
    let said = claims.get("email_verified").map(is_true);
    let is_verified = match policy.email_trust {
        // `email_verified` is about the claim `email` (OpenID Connect Core 1.0, section 5.1) and about no other one.
        EmailTrust::Claim => said == Some(true) && is_same(claims.get("email"), &address),
        EmailTrust::Domains => {
            said != Some(false) && domain.as_ref().is_some_and(|domain| policy.confirmed_domains.contains(domain))
        }
        EmailTrust::Always => true,
    };
    Some(EmailClaim { address, domain, is_verified, is_denied: said == Some(false) })
}

/// Some providers send the text "true". What is neither counts as false.
fn is_true(value: &ClaimValue) -> bool {
    match value {
        ClaimValue::Bool(is_true) => *is_true,
        ClaimValue::Text(text) => text == "true",
        _ => false,
    }
}

fn is_same(claim: Option<&ClaimValue>, address: &str) -> bool {
    matches!(claim, Some(ClaimValue::Text(text)) if text.trim() == address)
}
