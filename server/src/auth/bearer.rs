//! The caller of a dialect by `Authorization: Bearer …`: an API token of Vestibule, or a token of the issuer that the
//! operator trusts. Cookies are ignored.

use std::{net::IpAddr, sync::Arc};

use axum::http::{HeaderMap, header};
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Identity, Role},
        problem::ServiceError,
    },
    service::{Services, TenantRef},
};

use super::jwt::{BearerRights, JwtFault, JwtVerifier, TokenBearer};

/// Why a request has no caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BearerFault {
    /// It carries no token.
    Missing,
    /// Its token is not valid, or no longer.
    Invalid,
    /// It is a platform's token without the scopes that the API requires.
    LacksScope,
    /// The token could not be looked up.
    Service(ServiceError),
}

/// Resolves the callers of dialects. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bearer {
    services: Services,
    jwt: Option<Arc<JwtVerifier>>,
}

impl Bearer {
    pub(crate) fn new(services: Services, jwt: Option<Arc<JwtVerifier>>) -> Self {
        Self { services, jwt }
    }

    /// The caller of a request with these headers, from this address.
    pub(crate) async fn resolve(&self, headers: &HeaderMap, address: Option<IpAddr>) -> Result<Actor, BearerFault> {
        let token = token(headers)?;
        match self.services.tokens.authenticate(token).await {
            Ok(token) => {
                let identity = Identity::Token { id: token.id, name: token.name };
                Ok(Actor { identity, grant: Some(token.grant), address })
            }
            Err(ServiceError::Unauthenticated) => match &self.jwt {
                Some(jwt) => self.resolve_subject(jwt, token, address).await,
                None => Err(BearerFault::Invalid),
            },
            Err(error) => Err(BearerFault::Service(error)),
        }
    }

    async fn resolve_subject(
        &self,
        jwt: &JwtVerifier,
        token: &str,
        address: Option<IpAddr>,
    ) -> Result<Actor, BearerFault> {
        let claims = jwt.verify(token).await.map_err(|fault| match fault {
            JwtFault::Invalid => BearerFault::Invalid,
            JwtFault::Unavailable => BearerFault::Service(ServiceError::Unavailable),
        })?;
        let TokenBearer { name, rights } = TokenBearer::of(&claims);
        let grant = match rights {
            BearerRights::Grant(grant) => Some(grant),
            BearerRights::Tenant(tenant) => self.tenant_admin(&tenant).await?,
            BearerRights::Nothing => None,
            BearerRights::LacksScope => return Err(BearerFault::LacksScope),
        };
        Ok(Actor { identity: Identity::Subject { name }, grant, address })
    }

    /// The grant of a tenant's administrator; `None` when the tenant does not exist.
    async fn tenant_admin(&self, tenant: &str) -> Result<Option<Grant>, BearerFault> {
        match self.services.tenants.get(&Actor::operator(), &TenantRef::parse(tenant)).await {
            Ok(tenant) => Ok(Some(Grant { role: Role::TenantAdmin, tenant: Some(tenant.id), partner: None })),
            Err(ServiceError::NotFound { .. }) => Ok(None),
            Err(error) => Err(BearerFault::Service(error)),
        }
    }
}

/// The token of a request. Another scheme carries none. Parsed here: `Authorization<Bearer>` of the crate `headers` reports
/// another scheme and a malformed token as one error, and the dialects answer them differently.
fn token(headers: &HeaderMap) -> Result<&str, BearerFault> {
    let value = headers.get(header::AUTHORIZATION).ok_or(BearerFault::Missing)?;
    let text = value.to_str().map_err(|_| BearerFault::Invalid)?;
    let mut words = text.split_ascii_whitespace();
    match words.next() {
        Some(scheme) if scheme.eq_ignore_ascii_case("Bearer") => {}
        _ => return Err(BearerFault::Missing),
    }
    match (words.next(), words.next()) {
        (Some(token), None) => Ok(token),
        (None, _) => Err(BearerFault::Missing),
        (Some(_), Some(_)) => Err(BearerFault::Invalid),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn the_token_follows_the_scheme() {
        for (value, expected) in [
            ("Bearer X", Ok("X")),
            ("bearer  X", Ok("X")),
            ("Bearer", Err(BearerFault::Missing)),
            ("Token X", Err(BearerFault::Missing)),
            ("", Err(BearerFault::Missing)),
            ("Bearer a b", Err(BearerFault::Invalid)),
        ] {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
            assert_eq!(token(&headers), expected, "{value}");
        }
        assert_eq!(token(&HeaderMap::new()), Err(BearerFault::Missing));
    }
}
