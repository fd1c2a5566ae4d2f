//! The claims of an ID token, in the order of OpenID Connect Core 1.0, section 3.1.3.7.

use jsonwebtoken::Algorithm;
use vestibule_app::domain::mapping::{ClaimValue, Claims};

use super::{fault::IdTokenFault, hash::left_half};
use crate::{jose::numeric_date, protocol::oidc::issuers::Issuers};

/// By how many seconds the provider's clock may differ from this one.
const LEEWAY_SECONDS: i64 = 60;

/// What a token has to say.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// Who may have issued it, to the letter.
    pub(crate) issuers: Issuers<'a>,
    /// The client identifier, for `aud` and `azp`.
    pub(crate) client_id: &'a str,
    /// The nonce of the authentication request.
    pub(crate) nonce: &'a str,
    /// The access token of the same response, for `at_hash`.
    pub(crate) access_token: Option<&'a str>,
    /// How long ago the person may have authenticated, in seconds, where that was requested.
    pub(crate) max_age: Option<u32>,
    /// Now, in seconds since 1970.
    pub(crate) now: i64,
}

/// The longest `sub`, in characters (OpenID Connect Core 1.0, section 2).
const MAX_SUBJECT: usize = 255;

/// How much of another issuer is logged, in characters.
const MAX_SHOWN_ISSUER: usize = 200;

pub(super) fn check(claims: &Claims, algorithm: Algorithm, expected: &Expected<'_>) -> Result<(), IdTokenFault> {
    check_subject(claims)?;
    check_parties(claims, &expected.issuers, expected.client_id)?;
    check_times(claims, expected)?;
    check_age(claims, expected)?;
    if text(claims, "nonce") != Some(expected.nonce) {
        return Err(IdTokenFault::WrongNonce);
    }
    match (claims.get("at_hash"), expected.access_token) {
        (Some(hash), Some(token)) if hash.as_text() != Some(left_half(algorithm, token).as_str()) => {
            Err(IdTokenFault::WrongAccessTokenHash)
        }
        _ => Ok(()),
    }
}

fn check_subject(claims: &Claims) -> Result<(), IdTokenFault> {
    match subject(claims) {
        Some(subject) if subject.chars().nth(MAX_SUBJECT).is_some() => Err(IdTokenFault::SubjectTooLong),
        // PostgreSQL stores no NUL, and no person has any of the others.
        Some(subject) if subject.chars().any(char::is_control) => Err(IdTokenFault::SubjectMalformed),
        Some(_) => Ok(()),
        None => Err(IdTokenFault::NoSubject),
    }
}

/// The `sub` of claims. Some providers send a number, which keeps its digits.
pub(crate) fn subject(claims: &Claims) -> Option<String> {
    match claims.get("sub")? {
        ClaimValue::Text(text) if !text.is_empty() => Some(text.clone()),
        ClaimValue::Number(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// Checks who issued claims, and for whom.
///
/// # Errors
///
/// Another issuer, or another client.
pub(crate) fn check_parties(claims: &Claims, issuers: &Issuers<'_>, client_id: &str) -> Result<(), IdTokenFault> {
    check_issuer(claims, issuers)?;
    check_audience(claims, client_id)
}

fn check_issuer(claims: &Claims, issuers: &Issuers<'_>) -> Result<(), IdTokenFault> {
    let issuer = text(claims, "iss").unwrap_or_default();
    if issuers.contain(issuer) {
        return match (issuers.is_directory_of(issuer, claims), issuers.may_be_signed_for(issuer)) {
            (true, true) => Ok(()),
            (false, _) => Err(IdTokenFault::WrongDirectory),
            (true, false) => Err(IdTokenFault::WrongSigner),
        };
    }
    let found = issuer.chars().take(MAX_SHOWN_ISSUER).collect();
    Err(match issuers.are_listed() {
        true => IdTokenFault::IssuerNotAllowed { found },
        false => IdTokenFault::WrongIssuer { found, expected: issuers.expected() },
    })
}

/// Several audiences need `azp`, and an `azp` has to be this client.
fn check_audience(claims: &Claims, client_id: &str) -> Result<(), IdTokenFault> {
    let (is_meant, is_alone) = match claims.get("aud") {
        Some(ClaimValue::Text(audience)) => (audience == client_id, true),
        Some(ClaimValue::List(several)) => {
            (several.iter().any(|audience| audience.as_text() == Some(client_id)), several.len() == 1)
        }
        _ => (false, true),
    };
    if !is_meant {
        return Err(IdTokenFault::WrongAudience);
    }
    match claims.get("azp") {
        Some(party) if party.as_text() == Some(client_id) => Ok(()),
        None if is_alone => Ok(()),
        _ => Err(IdTokenFault::WrongAuthorizedParty),
    }
}

fn check_times(claims: &Claims, expected: &Expected<'_>) -> Result<(), IdTokenFault> {
    let now = expected.now;
    seconds(claims, "exp")?.ok_or(IdTokenFault::MissingTime { claim: "exp" })?;
    let issued = seconds(claims, "iat")?.ok_or(IdTokenFault::MissingTime { claim: "iat" })?;
    if issued > now + LEEWAY_SECONDS {
        return Err(IdTokenFault::NotYetValid { claim: "iat", by_seconds: issued - now });
    }
    check_validity(claims, now)
}

/// Checks `exp` and `nbf` of claims that need not have them, such as a signed userinfo response.
///
/// # Errors
///
/// The claims have expired, or are not valid yet.
pub(crate) fn check_validity(claims: &Claims, now: i64) -> Result<(), IdTokenFault> {
    match seconds(claims, "exp")? {
        Some(end) if now >= end + LEEWAY_SECONDS => return Err(IdTokenFault::Expired { by_seconds: now - end }),
        _ => {}
    }
    match seconds(claims, "nbf")? {
        Some(at) if at > now + LEEWAY_SECONDS => Err(IdTokenFault::NotYetValid { claim: "nbf", by_seconds: at - now }),
        _ => Ok(()),
    }
}

/// A request with `max_age` makes `auth_time` a required claim (OpenID Connect Core 1.0, section 2).
fn check_age(claims: &Claims, expected: &Expected<'_>) -> Result<(), IdTokenFault> {
    let Some(max_age) = expected.max_age else { return Ok(()) };
    let at = seconds(claims, "auth_time")?.ok_or(IdTokenFault::MissingTime { claim: "auth_time" })?;
    let age = expected.now.saturating_sub(at);
    if age < -LEEWAY_SECONDS {
        return Err(IdTokenFault::NotYetValid { claim: "auth_time", by_seconds: age.saturating_neg() });
    }
    if age > i64::from(max_age) + LEEWAY_SECONDS {
        return Err(IdTokenFault::TooLongAgo { seconds: age, max_age });
    }
    Ok(())
}

/// A moment in a claim, in whole seconds since 1970.
fn seconds(claims: &Claims, claim: &'static str) -> Result<Option<i64>, IdTokenFault> {
    let number = match claims.get(claim) {
        None => return Ok(None),
        Some(ClaimValue::Number(number)) => number.as_str(),
        Some(_) => return Err(IdTokenFault::NotATime { claim }),
    };
    numeric_date(number).map(Some).ok_or(IdTokenFault::NotATime { claim })
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_text()
}
