//! The caller of an operation. Each operation first refuses callers who hold its permission for no object at all; the
//! services decide about the object itself.

use axum::{extract::FromRequestParts, http::request::Parts};
use vestibule_app::domain::actor::{Actor, Decision, Owner, Permission};

use super::{
    error::{Refusal, Result},
    resource::Resource,
};
use crate::{auth::BearerFault, request::ClientAddress, rest::RestState};

/// The caller of an operation.
pub(super) struct ScaiKeyCaller(Actor);

impl ScaiKeyCaller {
    /// The caller, when they hold the permission for at least one object.
    pub(super) fn who_may(&self, permission: Permission) -> Result<&Actor> {
        match self.0.decide_anywhere(permission) {
            Decision::Allowed | Decision::Hidden => Ok(&self.0),
            Decision::Unauthenticated => Err(Refusal::NotAuthenticated),
            Decision::Denied => Err(Refusal::Forbidden),
        }
    }

    /// Refuses a caller who does not hold the permission for the platform's own objects.
    pub(super) fn require_platform(&self, permission: Permission) -> Result<()> {
        match self.0.decide(permission, Owner::Platform) {
            Decision::Allowed => Ok(()),
            _ => Err(Refusal::Forbidden),
        }
    }
}

impl FromRequestParts<RestState> for ScaiKeyCaller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self> {
        let ClientAddress(address) = ClientAddress::of(parts);
        let actor = state.bearer.resolve(&parts.headers, address).await;
        actor.map(Self).map_err(|fault| match fault {
            BearerFault::Missing => Refusal::NotAuthenticated,
            BearerFault::Invalid => Refusal::InvalidToken,
            BearerFault::LacksScope => Refusal::LacksScope,
            BearerFault::Service(error) => Resource::Tenant.refuse(error),
        })
    }
}
