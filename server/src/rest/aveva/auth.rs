//! Who calls: the bearer token of the request.

use axum::{extract::FromRequestParts, http::request::Parts};
use vestibule_app::domain::{actor::Actor, problem::ServiceError};

use super::error::Refusal;
use crate::{
    auth::BearerFault,
    rest::{RestState, http::ClientAddress},
};

/// The caller of an operation; every operation needs one.
pub(super) struct Caller(pub(super) Actor);

impl FromRequestParts<RestState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Refusal> {
        let ClientAddress(address) = ClientAddress::of(parts);
        state.bearer.resolve(&parts.headers, address).await.map(Self).map_err(|fault| match fault {
            BearerFault::Missing | BearerFault::Invalid => Refusal::Unauthenticated,
            BearerFault::LacksScope => Refusal::LacksScope,
            BearerFault::Service(ServiceError::Unavailable) => Refusal::Unavailable,
            BearerFault::Service(ServiceError::DatabaseUnavailable { fault }) => Refusal::Database(fault),
            BearerFault::Service(_) => Refusal::Internal,
        })
    }
}
