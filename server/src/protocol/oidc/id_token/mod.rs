//! ID tokens (OpenID Connect Core 1.0, sections 2 and 3.1.3.7): a signature by one of the provider's keys, then every
//! claim that says for whom, from whom and when the token is.
//!
//! A token never chooses how it is checked: its header names a key and an algorithm, and both count only when the
//! provider's list allows them. Keys in the header (`jwk`, `jku`, `x5u`) are ignored. Encrypted tokens and ES512 are not
//! supported.

mod checks;
mod fault;
mod hash;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use vestibule_app::domain::mapping::{ClaimValue, Claims};

pub(crate) use self::{
    checks::{Expected, check_parties, check_validity, subject},
    fault::IdTokenFault,
};
use crate::jose::signed_payload;

/// Longer tokens are refused. The largest known ones carry some hundred groups.
const MAX_LENGTH: usize = 64 * 1024;

/// What the header of a token says, before anything of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenHeader {
    /// The key that it names.
    pub(crate) key_id: Option<String>,
    /// The algorithm that it names.
    pub(crate) algorithm: Algorithm,
}

impl TokenHeader {
    /// Reads the header of a token and checks whether its algorithm is allowed.
    ///
    /// # Errors
    ///
    /// The token is malformed or encrypted, needs extensions, or names an algorithm that is not allowed.
    pub(crate) fn read(token: &str, algorithms: &[Algorithm]) -> Result<Self, IdTokenFault> {
        if token.len() > MAX_LENGTH {
            return Err(IdTokenFault::TooLong);
        }
        match token.split('.').count() {
            3 => {}
            5 => return Err(IdTokenFault::Encrypted),
            _ => return Err(IdTokenFault::Malformed),
        }
        let header = members(token).ok_or(IdTokenFault::Malformed)?;
        // Extensions that must be understood are not understood (RFC 7515, section 4.1.11).
        if header.get("crit").is_some() {
            return Err(IdTokenFault::CriticalExtension);
        }
        if header.get("enc").is_some() || header.get("zip").is_some() {
            return Err(IdTokenFault::Encrypted);
        }
        let name = header.get("alg").and_then(ClaimValue::as_text).ok_or(IdTokenFault::Malformed)?;
        let Some(algorithm) = name.parse().ok().filter(|algorithm| algorithms.contains(algorithm)) else {
            return Err(not_allowed(name));
        };
        let key_id = match header.get("kid") {
            None => None,
            Some(ClaimValue::Text(id)) => Some(id.clone()),
            Some(_) => return Err(IdTokenFault::Malformed),
        };
        Ok(Self { key_id, algorithm })
    }
}

/// The members of a token's header. Members of the same name are refused, since readers disagree about which counts; those
/// that nothing here uses may have any value.
fn members(token: &str) -> Option<Claims> {
    let (header, _) = token.split_once('.')?;
    Claims::parse_bytes(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}

/// Names the algorithm, unless it looks like no name of one.
fn not_allowed(name: &str) -> IdTokenFault {
    if name.len() <= 20 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        IdTokenFault::AlgorithmNotAllowed { algorithm: name.to_owned() }
    } else {
        IdTokenFault::Malformed
    }
}

/// The claims of a token that is to be believed.
///
/// # Errors
///
/// The first check that fails.
pub(crate) fn verify(
    token: &str,
    header: &TokenHeader,
    key: &DecodingKey,
    expected: &Expected<'_>,
) -> Result<Claims, IdTokenFault> {
    let payload = signed_payload(token, key, header.algorithm).ok_or(IdTokenFault::WrongSignature)?;
    // Refuses members of the same name: readers disagree about which of them counts.
    let claims = Claims::parse_bytes(&payload).map_err(|_| IdTokenFault::Malformed)?;
    checks::check(&claims, header.algorithm, expected)?;
    Ok(claims)
}
