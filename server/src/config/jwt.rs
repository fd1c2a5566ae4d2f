//! The issuer whose tokens are trusted beside API tokens.

use url::Url;

use super::{
    error::{ConfigError, invalid},
    settings::Jwt,
    values::{given, not_blank},
};
use crate::auth::JwtSettings;

/// A larger difference means that a clock is wrong; expired tokens are not accepted for that.
const MOST_LEEWAY: u32 = 600;

/// Issuer of trusted tokens. Without it, no JWT is accepted.
pub(super) fn trusted_issuer(jwt: Jwt) -> Result<Option<JwtSettings>, ConfigError> {
    let Jwt { issuer, audience, jwks_url, leeway_seconds } = jwt;
    let (issuer, audience, jwks_url) = (not_blank(issuer), not_blank(audience), not_blank(jwks_url));
    let Some(issuer) = issuer else {
        return match audience.is_some() || jwks_url.is_some() {
            true => Err(invalid("jwt.issuer", "name the issuer, or remove the other settings of jwt")),
            false => Ok(None),
        };
    };
    let audience = audience.ok_or_else(|| invalid("jwt.audience", "name what the issuer's tokens state in `aud`"))?;
    let web = |text: &str| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let jwks_url = match jwks_url {
        Some(text) => {
            let wrong =
                || invalid("jwt.jwks_url", format!("{text:?} is not a URL such as https://id.example.com/keys"));
            Some(web(&text).ok_or_else(wrong)?)
        }
        None if web(&issuer).is_none() => {
            return Err(invalid("jwt.jwks_url", "`jwt.issuer` is not a URL; set `jwt.jwks_url`"));
        }
        None => None,
    };
    let leeway_seconds = given(leeway_seconds);
    if leeway_seconds > MOST_LEEWAY {
        return Err(invalid("jwt.leeway_seconds", format!("choose at most {MOST_LEEWAY}")));
    }
    Ok(Some(JwtSettings { issuer, audience, jwks_url, leeway_seconds, timeout: JwtSettings::TIMEOUT }))
}
