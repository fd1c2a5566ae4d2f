//! Tokens of an issuer that the operator trusts: JSON Web Tokens (RFC 7519) signed with keys that the issuer publishes.
//!
//! Only asymmetric signatures count, and only with a key made for them: a token never chooses how it is checked. What a
//! valid token means here is decided in [`claims`].

mod claims;

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{Algorithm, decode_header};
use serde_json::{Map, Value};
use url::Url;

pub(super) use self::claims::{BearerRights, TokenBearer};
use crate::{
    clock::Clock,
    jose::{FetchKeys, KeyCache, KeyFault, numeric_date, signed_payload},
};

/// Which tokens are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwtSettings {
    /// What `iss` must be, to the letter.
    pub issuer: String,
    /// What `aud` must be or hold.
    pub audience: String,
    /// Where the issuer's keys are; its discovery document says so when absent.
    pub jwks_url: Option<Url>,
    /// By how many seconds the issuer's clock may differ from ours.
    pub leeway_seconds: u32,
    /// How long reading the issuer's document and keys may take in all; [`Self::TIMEOUT`] unless there is a reason.
    pub timeout: Duration,
}

impl JwtSettings {
    /// How long an issuer has to answer: as long as any other that is called.
    pub const TIMEOUT: Duration = Duration::from_secs(10);
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JwtFault {
    /// It is malformed, of another issuer, for another audience, expired, or not valid yet.
    Invalid,
    /// The issuer's keys cannot be read, so that its signature cannot be verified.
    Unavailable,
}

/// Longer tokens are refused: an issuer's carry a dozen claims.
const LONGEST: usize = 16 * 1024;

/// The shortest time between two readings of the issuer's keys, in seconds.
const KEY_PAUSE: i64 = 30;

/// Checks tokens of the trusted issuer.
pub(crate) struct JwtVerifier {
    settings: JwtSettings,
    keys: KeyCache,
    clock: Arc<dyn Clock>,
}

impl JwtVerifier {
    pub(crate) fn new(settings: JwtSettings, fetch: FetchKeys, clock: Arc<dyn Clock>) -> Self {
        Self { settings, keys: KeyCache::new(fetch, clock.clone(), KEY_PAUSE), clock }
    }

    /// The claims of a token that is to be believed.
    pub(super) async fn verify(&self, token: &str) -> Result<Map<String, Value>, JwtFault> {
        if token.len() > LONGEST {
            return Err(JwtFault::Invalid);
        }
        let header = decode_header(token).map_err(|_| JwtFault::Invalid)?;
        // Extensions that must be understood are not (RFC 7515, section 4.1.11), and what is compressed or encrypted is no
        // signed token (RFC 7516, section 4.1).
        let is_signed_alone = header.crit.is_none() && header.zip.is_none() && header.enc.is_none();
        if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA) || !is_signed_alone {
            return Err(JwtFault::Invalid);
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg).await.map_err(|fault| match fault {
            KeyFault::Unknown | KeyFault::Ambiguous => JwtFault::Invalid,
            KeyFault::Unavailable => JwtFault::Unavailable,
        })?;
        let payload = signed_payload(token, &key.key, header.alg).ok_or(JwtFault::Invalid)?;
        let claims = serde_json::from_slice(&payload).map_err(|_| JwtFault::Invalid)?;
        if self.is_for_us(&claims) && self.is_in_time(&claims) { Ok(claims) } else { Err(JwtFault::Invalid) }
    }

    fn is_for_us(&self, claims: &Map<String, Value>) -> bool {
        let JwtSettings { issuer, audience, .. } = &self.settings;
        let is_audience = |value: &Value| value.as_str() == Some(audience);
        let is_meant = match claims.get("aud") {
            Some(Value::Array(several)) => several.iter().any(is_audience),
            Some(one) => is_audience(one),
            None => false,
        };
        is_meant && claims.get("iss").and_then(Value::as_str) == Some(issuer)
    }

    /// A token without an end is not accepted, and none with a moment that makes no sense or an issue that is still to come.
    fn is_in_time(&self, claims: &Map<String, Value>) -> bool {
        let leeway = i64::from(self.settings.leeway_seconds);
        let now = self.clock.now().unix_millis().div_euclid(1000);
        let Some(end) = claims.get("exp").and_then(seconds) else { return false };
        let has_begun = |claim: &str| match claims.get(claim) {
            None => true,
            Some(begin) => seconds(begin).is_some_and(|begin| begin - leeway <= now),
        };
        has_begun("nbf") && has_begun("iat") && now < end + leeway
    }
}

/// A moment in a claim.
fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => numeric_date(&number.to_string()),
        _ => None,
    }
}
