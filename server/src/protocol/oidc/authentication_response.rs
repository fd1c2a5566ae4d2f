//! The authentication response, which the browser brings as parameters of the callback.

use super::{exchange::shown, issuers::Issuers};
use crate::protocol::sign_in::SignInFault;

/// The parameters of a callback (OpenID Connect Core 1.0, sections 3.1.2.5 and 3.1.2.6).
pub(super) struct AuthenticationResponse<'a> {
    code: Option<&'a str>,
    error: Option<&'a str>,
    issuer: Option<&'a str>,
}

impl<'a> AuthenticationResponse<'a> {
    /// Reads the parameters. None may occur twice (RFC 6749, section 3.1).
    pub(super) fn read(parameters: &'a [(String, String)]) -> Result<Self, SignInFault> {
        let only = |name: &str| {
            let mut values = parameters.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str());
            match (values.next(), values.next()) {
                (value, None) => Ok(value),
                (_, Some(_)) => Err(SignInFault {
                    message: format!("the callback has {name} twice"),
                    rule: Some("RFC 6749, section 3.1"),
                    advice: "Ask the provider's operator.".to_owned(),
                }),
            }
        };
        let filled =
            |name: &str| -> Result<Option<&'a str>, SignInFault> { Ok(only(name)?.filter(|value| !value.is_empty())) };
        // An empty issuer is another one than the provider's.
        Ok(Self { code: filled("code")?, error: filled("error")?, issuer: only("iss")? })
    }

    /// The issuer that the callback names, where it names one.
    pub(super) const fn issuer(&self) -> Option<&'a str> {
        self.issuer
    }

    /// Checks the issuer that the callback names; `is_promised` where the discovery document says that it names one.
    pub(super) fn check_issuer(&self, expected: &Issuers<'_>, is_promised: bool) -> Result<(), SignInFault> {
        match self.issuer {
            None if is_promised => Err(SignInFault {
                message: "the callback names no issuer (iss), which the provider's discovery document promises"
                    .to_owned(),
                rule: Some("RFC 9207, section 2.4"),
                advice:
                    "If the provider sends no iss any more, fetch its discovery document again. Otherwise it may be an \
                         attack that mixes up two providers."
                        .to_owned(),
            }),
            Some(found) if !expected.contain(found) => Err(SignInFault {
                message: format!(
                    "the callback comes from the issuer {:?}, and {} was asked",
                    shown(found, 200),
                    expected.expected()
                ),
                rule: Some("RFC 9207, section 2.4"),
                advice:
                    "If both differ only in a slash at the end, enter the issuer exactly as the provider writes it. \
                         Otherwise it may be an attack that mixes up two providers."
                        .to_owned(),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn code(&self) -> Result<&'a str, SignInFault> {
        match (self.error, self.code) {
            // Without error_description, in which providers name people.
            (Some(error), _) => Err(SignInFault {
                message: format!("the provider answered {}", shown(error, 60)),
                rule: Some("OpenID Connect Core 1.0, section 3.1.2.6"),
                advice: advice_about(error).to_owned(),
            }),
            (None, Some(code)) => Ok(code),
            (None, None) => Err(SignInFault {
                message: "the callback has neither a code nor an error".to_owned(),
                rule: Some("OpenID Connect Core 1.0, section 3.1.2.5"),
                advice: "Check that the client uses the authorization code flow at the provider.".to_owned(),
            }),
        }
    }
}

fn advice_about(error: &str) -> &'static str {
    match error {
        "access_denied" => {
            "The person cancelled, or may not use this application at the provider. Assign the person there."
        }
        "invalid_scope" => "Remove scopes that the provider does not know.",
        "unauthorized_client" | "unsupported_response_type" => {
            "Allow the authorization code flow for this client at the provider."
        }
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            "The provider has to show a page, and prompt=none forbids it."
        }
        "temporarily_unavailable" | "server_error" => "Try again later; the provider has a fault of its own.",
        _ => "Look the error up in the provider's own log.",
    }
}
