//! Who calls. Every operation asks for a caller who may do such a thing to anything at all before it reads more of the
//! request; whether they may do it to this very object is decided behind the services.

use axum::{extract::FromRequestParts, http::request::Parts};
use vestibule_app::domain::actor::{Actor, Decision, Owner, Permission};

use super::error::{Refusal, Resource, Result};
use crate::{auth::BearerFault, request::ClientAddress, rest::RestState};

/// The caller of an operation.
pub(super) struct ScaiKeyCaller(Actor);

impl ScaiKeyCaller {
    /// The caller when they may do this to anything at all.
    pub(super) fn who_may(&self, permission: Permission) -> Result<&Actor> {
        match self.0.decide_anywhere(permission) {
            Decision::Allowed | Decision::Hidden => Ok(&self.0),
            Decision::Unauthenticated => Err(Refusal::NotAuthenticated),
            Decision::Denied => Err(Refusal::Forbidden),
        }
    }

    /// Goes on when the caller may do this to what is the platform's own.
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
