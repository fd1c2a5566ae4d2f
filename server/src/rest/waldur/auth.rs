//! The caller of an operation: staff or any other caller, by the `Authorization` header. Cookies are ignored.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use vestibule_app::domain::{
    actor::{Actor, Decision, Identity, Owner, Permission},
    problem::ServiceError,
};

use super::error::{NO_CREDENTIALS, Refusal, Result};
use crate::{request::ClientAddress, rest::RestState};

/// The caller of an operation. An invalid credential is refused, even where none is needed.
pub(super) struct WaldurCaller(Actor);

impl WaldurCaller {
    /// The caller, when they may see whole providers with secrets. All others see the catalogue.
    pub(super) fn staff(&self) -> Option<&Actor> {
        let decision = self.0.decide(Permission::RevealSecrets, Owner::Platform);
        (decision == Decision::Allowed).then_some(&self.0)
    }

    /// The caller, when they may change providers.
    pub(super) fn require_staff(&self) -> Result<&Actor> {
        match self.staff() {
            Some(actor) => Ok(actor),
            None if self.0.is_anonymous() => Err(Refusal::Unauthenticated(NO_CREDENTIALS)),
            None => Err(Refusal::Forbidden),
        }
    }

    /// Refuses a caller who may not read the catalogue.
    pub(super) fn require_reader(&self, state: &RestState) -> Result<()> {
        if self.0.is_anonymous() && !state.anonymous_reading {
            return Err(Refusal::Unauthenticated(NO_CREDENTIALS));
        }
        Ok(())
    }
}

impl FromRequestParts<RestState> for WaldurCaller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self> {
        let ClientAddress(address) = ClientAddress::of(parts);
        let Some(token) = token(&parts.headers)? else {
            return Ok(Self(Actor::anonymous(address)));
        };
        let token = state.services.tokens.authenticate(token).await.map_err(|error| match error {
            ServiceError::Unauthenticated => Refusal::Unauthenticated("Invalid token."),
            error => error.into(),
        })?;
        let identity = Identity::Token { id: token.id, name: token.name };
        Ok(Self(Actor { identity, grant: Some(token.grant), address }))
    }
}

/// The token of a request; nothing when it carries none, or a scheme that is not ours.
///
/// Besides `Token X` this reads `Bearer X`, and `Bearer Token X`, which the JavaScript client sends when its
/// documented example is followed. Parsed here: the crate `headers` reads one scheme for each type, and this is three.
fn token(headers: &HeaderMap) -> Result<Option<&str>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let Ok(text) = value.to_str() else {
        return Err(Refusal::Unauthenticated("Invalid token."));
    };
    let is = |word: &str, keyword: &str| word.eq_ignore_ascii_case(keyword);
    let mut words = text.split_ascii_whitespace();
    match words.next() {
        Some(scheme) if is(scheme, "Token") => {}
        Some(scheme) if is(scheme, "Bearer") => {
            let after_bearer = words.clone();
            if !words.next().is_some_and(|word| is(word, "Token")) {
                words = after_bearer;
            }
        }
        _ => return Ok(None),
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(Some(token)),
        (None, _) => Err(Refusal::Unauthenticated("Invalid token. No credentials provided.")),
        (Some(_), Some(_)) => Err(Refusal::Unauthenticated("Invalid token. Token string should not contain spaces.")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn read(value: &str) -> Result<Option<String>> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        token(&headers).map(|token| token.map(str::to_owned))
    }

    #[test]
    fn every_form_of_the_header_yields_the_same_token() {
        for value in ["Token X", "token X", "TOKEN  X", "Bearer X", "bearer X", "Bearer Token X", "bearer token X"] {
            assert_eq!(read(value), Ok(Some("X".to_owned())), "{value}");
        }
    }

    #[test]
    fn another_scheme_is_no_credential() {
        for value in ["Basic YTpi", "X", ""] {
            assert_eq!(read(value), Ok(None), "{value}");
        }
        assert_eq!(token(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn a_malformed_header_is_refused() {
        for value in ["Token", "Bearer", "Bearer Token", "Token "] {
            let expected = Refusal::Unauthenticated("Invalid token. No credentials provided.");
            assert_eq!(read(value), Err(expected), "{value}");
        }
        for value in ["Token a b", "Bearer a b", "Bearer Token a b"] {
            let expected = Refusal::Unauthenticated("Invalid token. Token string should not contain spaces.");
            assert_eq!(read(value), Err(expected), "{value}");
        }
    }
}
