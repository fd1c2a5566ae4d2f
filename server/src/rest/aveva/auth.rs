//! Who calls: the token in the `Authorization` header. Cookies are never looked at.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use vestibule_app::domain::{
    actor::{Actor, Identity},
    problem::ServiceError,
};

use super::error::Refusal;
use crate::rest::{RestState, http::ClientAddress};

/// The caller of an operation; every operation needs one.
pub(super) struct Caller(pub(super) Actor);

impl FromRequestParts<RestState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Refusal> {
        let ClientAddress(address) = ClientAddress::of(parts);
        let token = token(&parts.headers).ok_or(Refusal::Unauthenticated)?;
        let token = state.services.tokens.authenticate(token).await.map_err(|error| match error {
            ServiceError::Unavailable => Refusal::Unavailable,
            ServiceError::Unauthenticated => Refusal::Unauthenticated,
            _ => Refusal::Internal,
        })?;
        let identity = Identity::Token { id: token.id, name: token.name };
        Ok(Self(Actor { identity, grant: Some(token.grant), address }))
    }
}

/// The token of a request; another scheme carries none.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut words = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("Bearer") => Some(token),
        _ => None,
    }
}
