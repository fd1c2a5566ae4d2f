//! The caller of a portal request.

mod authenticator;
mod cookie;

pub use authenticator::{Authenticator, HostUser};
pub(crate) use cookie::SessionCookie;

use std::{net::IpAddr, sync::Arc};

use axum::http::request::Parts;
use vestibule_app::{
    domain::actor::{Actor, Identity},
    service::{ServiceResult, Services},
};

/// Resolves the caller of a portal request.
#[derive(Clone)]
pub(crate) struct PortalCallers {
    pub(crate) services: Services,
    pub(crate) cookie: SessionCookie,
    /// The host application's own sign-in; Vestibule's own sessions are ignored then.
    pub(crate) host: Option<Arc<dyn Authenticator>>,
}

impl PortalCallers {
    /// Who a request comes from; anonymous when it carries nothing that is valid.
    pub(crate) async fn resolve(&self, parts: &Parts, address: Option<IpAddr>) -> ServiceResult<Actor> {
        if let Some(host) = &self.host {
            let user = host.authenticate(parts).await;
            return Ok(user.map_or_else(
                || Actor::anonymous(address),
                |HostUser { name, grant }| Actor { identity: Identity::Host { name }, grant, address },
            ));
        }
        let Some(value) = self.cookie.read(&parts.headers) else { return Ok(Actor::anonymous(address)) };
        let Some((session, administrator)) = self.services.sessions.resume(&value).await? else {
            return Ok(Actor::anonymous(address));
        };
        let identity = Identity::Administrator { id: administrator.id, email: administrator.email, session };
        Ok(Actor { identity, grant: Some(administrator.grant), address })
    }
}
