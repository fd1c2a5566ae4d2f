//! The issuer whose tokens are trusted beside API tokens.

use url::Url;

use super::{
    error::{ConfigError, invalid},
    settings::Jwt,
};
use crate::auth::JwtSettings;

/// A clock that is further away is wrong, and no reason to believe tokens for longer.
const MOST_LEEWAY: u32 = 600;

/// Whose tokens are trusted; nobody's without an issuer.
pub(super) fn trusted_issuer(jwt: Jwt) -> Result<Option<JwtSettings>, ConfigError> {
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let Jwt { issuer, audience, jwks_url, leeway_seconds } = jwt;
    let (issuer, audience, jwks_url) = (given(issuer), given(audience), given(jwks_url));
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
            return Err(invalid("jwt.jwks_url", "the issuer is no URL, so say where its keys are"));
        }
        None => None,
    };
    let leeway_seconds = leeway_seconds.unwrap_or_default();
    if leeway_seconds > MOST_LEEWAY {
        return Err(invalid("jwt.leeway_seconds", format!("choose at most {MOST_LEEWAY}")));
    }
    Ok(Some(JwtSettings { issuer, audience, jwks_url, leeway_seconds, timeout: JwtSettings::TIMEOUT }))
}
