//! Who calls: the bearer token of the request.

use axum::{extract::FromRequestParts, http::request::Parts};
use vestibule_app::domain::{
    actor::{Actor, Decision, Owner, Permission},
    problem::ServiceError,
};

use super::{error::Refusal, roles::Allowed};
use crate::{auth::BearerFault, request::ClientAddress, rest::RestState};

/// The caller of an operation; every operation needs one.
pub(super) struct AvevaCaller(pub(super) Actor);

impl AvevaCaller {
    /// Refuses a caller who is no Cluster Operator: one who does not see every provider.
    pub(super) fn require_operator(&self) -> Result<(), Refusal> {
        match self.0.decide(Permission::ListProviders, Owner::Platform) {
            Decision::Allowed => Ok(()),
            Decision::Unauthenticated => Err(Refusal::Unauthenticated),
            Decision::Denied | Decision::Hidden => Err(Refusal::Forbidden(Allowed::Operators)),
        }
    }
}

impl FromRequestParts<RestState> for AvevaCaller {
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
