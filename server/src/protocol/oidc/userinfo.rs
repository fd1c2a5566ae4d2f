//! The userinfo request (OpenID Connect Core 1.0, section 5.3).

use thiserror::Error;
use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::{
    mapping::{ClaimValue, Claims, ClaimsError},
    secret::Secret,
};

use super::id_token::subject;
use crate::protocol::{
    http::{Exchange, FetchError, OutboundClient},
    recorder::OpenStep,
};

/// The longest response, in bytes.
const MAX_RESPONSE: usize = 256 * 1024;

/// What a userinfo endpoint answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UserInfo {
    /// Plain claims, about the person of the ID token.
    Claims(Claims),
    /// A signed token (`application/jwt`), not yet verified.
    Signed(String),
}

/// Why there are no claims.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum UserInfoFault {
    /// The endpoint could not be asked.
    #[error(transparent)]
    Fetch(#[from] Box<FetchError>),
    /// The provider refused.
    #[error("the userinfo endpoint answered HTTP {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The answer is not an object of claims.
    #[error("the userinfo response cannot be read: {0}")]
    Unreadable(#[from] ClaimsError),
    /// It is about another person (OpenID Connect Core 1.0, section 5.3.2).
    #[error("the userinfo response is about another person: its sub is not that of the ID token")]
    OtherPerson,
}

/// Asks for the claims of the person whose `sub` the ID token has.
///
/// # Errors
///
/// [`UserInfoFault`].
pub(crate) async fn user_info(
    client: &OutboundClient,
    endpoint: &Url,
    verify_tls: bool,
    access_token: &Secret,
    deadline: Instant,
    step: &mut OpenStep<'_>,
) -> Result<UserInfo, UserInfoFault> {
    step.asked("GET", endpoint);
    let authorization = Secret::new(format!("Bearer {}", access_token.expose()));
    let request = Exchange {
        url: endpoint,
        verify_tls,
        max_bytes: MAX_RESPONSE,
        deadline,
        authorization: Some(&authorization),
        accept: "application/json, application/jwt",
    };
    let answered = client.get_authorized(request).await.map_err(Box::new)?;
    step.status(answered.status);
    if answered.status != 200 {
        return Err(UserInfoFault::Status { status: answered.status });
    }
    if answered.content_type.as_deref() == Some("application/jwt") {
        return Ok(UserInfo::Signed(String::from_utf8_lossy(&answered.body).trim().to_owned()));
    }
    Ok(UserInfo::Claims(Claims::parse_bytes(&answered.body)?))
}

/// The claims of both, where both are about one person. A number and a text of the same digits are one `sub`. The address
/// and whether it is verified are of one of the two, since the one says nothing about the address of the other.
///
/// # Errors
///
/// [`UserInfoFault::OtherPerson`].
pub(crate) fn merged(id_token: Claims, user_info: Claims) -> Result<Claims, UserInfoFault> {
    if subject(&user_info).is_none() || subject(&user_info) != subject(&id_token) {
        return Err(UserInfoFault::OtherPerson);
    }
    // What is signed wins, unless it is empty.
    let is_missing = |claims: &Claims, name| claims.get(name).is_none_or(is_empty);
    let (address, verified) = EMAIL_CLAIMS;
    let is_email_signed = is_missing(&user_info, address)
        || (!is_missing(&id_token, address) && (!is_missing(&id_token, verified) || is_missing(&user_info, verified)));
    let is_email = |name: &str| name == address || name == verified;
    let further = user_info.iter().filter(|(name, _)| !(is_email_signed && is_email(name)));
    let signed =
        id_token.iter().filter(|(name, value)| if is_email(name) { is_email_signed } else { !is_empty(value) });
    Ok(further.chain(signed).map(|(name, value)| (name, value.clone())).collect())
}

/// The address, and whether it is verified.
const EMAIL_CLAIMS: (&str, &str) = ("email", "email_verified");

/// Whether claims say nothing about the address being verified.
pub(super) fn lacks_verification(claims: &Claims) -> bool {
    claims.get(EMAIL_CLAIMS.1).is_none_or(is_empty)
}

fn is_empty(value: &ClaimValue) -> bool {
    match value {
        ClaimValue::Null => true,
        ClaimValue::Text(text) => text.trim().is_empty(),
        ClaimValue::List(values) => values.is_empty(),
        ClaimValue::Object(members) => members.is_empty(),
        ClaimValue::Bool(_) | ClaimValue::Number(_) => false,
    }
}
