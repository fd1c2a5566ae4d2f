//! The token request (OpenID Connect Core 1.0, section 3.1.3; RFC 6749, sections 2.3 and 4.1.3).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;
use tokio::time::Instant;
use url::{Url, form_urlencoded::byte_serialize};
use vestibule_app::domain::{
    mapping::{ClaimValue, Claims, ClaimsError},
    secret::Secret,
};

use crate::protocol::{
    http::{Answered, Exchange, FetchError, OutboundClient},
    recorder::OpenStep,
};

/// The longest token response, in bytes. Tokens with some hundred groups have 40 kB.
const MAX_RESPONSE: usize = 256 * 1024;

/// What is exchanged for tokens.
#[derive(Clone, Copy)]
pub(crate) struct CodeExchange<'a> {
    /// The token endpoint.
    pub(crate) endpoint: &'a Url,
    /// Whether the endpoint's certificate must be valid.
    pub(crate) verify_tls: bool,
    /// The client identifier.
    pub(crate) client_id: &'a str,
    /// How the client authenticates.
    pub(crate) credentials: Credentials<'a>,
    /// The code that the callback brought.
    pub(crate) code: &'a str,
    /// The redirect URI of the authentication request.
    pub(crate) redirect_uri: &'a str,
    /// The verifier of PKCE.
    pub(crate) verifier: Option<&'a Secret>,
    /// When to give up.
    pub(crate) deadline: Instant,
}

/// How the client authenticates (RFC 6749, section 2.3.1).
#[derive(Clone, Copy)]
pub(crate) enum Credentials<'a> {
    /// With the secret in the header: `client_secret_basic`.
    Basic(&'a Secret),
    /// With the secret in the form: `client_secret_post`.
    Post(&'a Secret),
    /// Not at all: `none`.
    None,
}

/// The tokens of a response.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    /// The ID token, not yet verified.
    pub(crate) id_token: Secret,
    /// The access token, for the userinfo endpoint.
    pub(crate) access_token: Option<Secret>,
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum ExchangeFault {
    /// The endpoint could not be asked.
    #[error(transparent)]
    Fetch(#[from] Box<FetchError>),
    /// The provider refused (RFC 6749, section 5.2).
    #[error("the token endpoint refused with {code}")]
    Refused {
        /// The error code. The description is left out: providers name people in it.
        code: String,
    },
    /// The answer is not a token response.
    #[error("the token endpoint answered HTTP {status} without a token response ({content_type})")]
    NotATokenResponse {
        /// The status.
        status: u16,
        /// The media type, or "no content type".
        content_type: String,
    },
    /// A member occurs twice: readers disagree about which of them counts.
    #[error("the token response has two members of the name {name}")]
    Repeated {
        /// The name.
        name: String,
    },
    /// There is no ID token in the response.
    #[error("the token response has no id_token")]
    NoIdToken,
    /// The access token is of another kind.
    #[error("the token response has a token type other than Bearer")]
    TokenType,
}

impl ExchangeFault {
    /// What to do about it.
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::Fetch(error) => error.advice(),
            Self::Refused { code } => match code.as_str() {
                "invalid_client" | "unauthorized_client" => {
                    "Enter the client ID and secret again, and check that the client authenticates at the provider as \
                     token_endpoint_auth_method says here: client_secret_basic, client_secret_post or none."
                }
                "invalid_grant" => {
                    "Register the callback URL at the provider exactly as it is shown here. If it is, the code was used \
                     twice or too late; the person starts again."
                }
                _ => "Look the error up in the provider's own log.",
            }
            .to_owned(),
            Self::NotATokenResponse { .. } => "Check the token endpoint's address.".to_owned(),
            Self::Repeated { .. } => "Ask the provider's operator.".to_owned(),
            Self::NoIdToken => "Request the scope openid, and allow the client to use it at the provider.".to_owned(),
            Self::TokenType => "Let the provider issue bearer tokens to this client.".to_owned(),
        }
    }
}

/// Exchanges a code for tokens.
///
/// # Errors
///
/// [`ExchangeFault`].
pub(crate) async fn exchange(
    client: &OutboundClient,
    request: &CodeExchange<'_>,
    step: &mut OpenStep<'_>,
) -> Result<Tokens, ExchangeFault> {
    step.asked("POST", request.endpoint);
    let mut form =
        vec![("grant_type", "authorization_code"), ("code", request.code), ("redirect_uri", request.redirect_uri)];
    if let Some(verifier) = request.verifier {
        form.push(("code_verifier", verifier.expose()));
    }
    let mut authorization = None;
    match request.credentials {
        Credentials::Basic(secret) => authorization = Some(basic(request.client_id, secret)),
        Credentials::Post(secret) => {
            form.extend([("client_id", request.client_id), ("client_secret", secret.expose())]);
        }
        Credentials::None => form.push(("client_id", request.client_id)),
    }
    let exchange = Exchange {
        url: request.endpoint,
        verify_tls: request.verify_tls,
        max_bytes: MAX_RESPONSE,
        deadline: request.deadline,
        authorization: authorization.as_ref(),
        accept: "application/json",
    };
    let answered = client.post_form(exchange, &form).await.map_err(Box::new)?;
    step.status(answered.status);
    read(answered)
}

/// HTTP Basic credentials. Both parts are form-encoded first (RFC 6749, section 2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Secret {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair)))
}

fn read(answered: Answered) -> Result<Tokens, ExchangeFault> {
    let Answered { status, content_type, body, .. } = answered;
    let members = Claims::parse_bytes(&body);
    let text = |name: &str| members.as_ref().ok()?.get(name).and_then(ClaimValue::as_text);
    if status != 200 {
        return Err(match text("error") {
            Some(code) => ExchangeFault::Refused { code: shown(code, 60) },
            None => not_a_response(status, content_type),
        });
    }
    match &members {
        Ok(_) => {}
        Err(ClaimsError::Repeated { name }) => return Err(ExchangeFault::Repeated { name: shown(name, 60) }),
        Err(_) => return Err(not_a_response(status, content_type)),
    }
    // "Bearer" in any letter case (RFC 6749, section 5.1).
    if text("access_token").is_some() && !text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(ExchangeFault::TokenType);
    }
    let id_token = text("id_token").filter(|token| !token.is_empty()).ok_or(ExchangeFault::NoIdToken)?;
    Ok(Tokens { id_token: Secret::new(id_token), access_token: text("access_token").map(Secret::new) })
}

fn not_a_response(status: u16, content_type: Option<String>) -> ExchangeFault {
    let content_type = content_type.unwrap_or_else(|| "no content type".to_owned());
    ExchangeFault::NotATokenResponse { status, content_type }
}

/// A text of a provider, as it may be shown: shortened, without control characters.
pub(super) fn shown(text: &str, length: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_basic_credentials_are_form_encoded() {
        let credentials = basic("a:b c", &Secret::new("p%s+ä"));
        let encoded = credentials.expose().strip_prefix("Basic ").expect("the scheme");
        let decoded = STANDARD.decode(encoded).expect("base64");
        assert_eq!(decoded, b"a%3Ab+c:p%25s%2B%C3%A4");
    }
}
