//! Objects that paths, bodies and filters name, as far as the caller may see them.

use vestibule_app::{
    domain::{
        actor::Actor,
        id::{ProviderId, TenantId},
        problem::ServiceError,
        provider::IdentityProvider,
        tenant::Tenant,
    },
    service::{ProviderRef, TenantRef},
};

use super::{
    error::Result,
    resource::{OrRefuse as _, Resource},
};
use crate::rest::RestState;

/// The provider of a path.
pub(super) async fn get_provider(state: &RestState, actor: &Actor, id: ProviderId) -> Result<IdentityProvider> {
    state.services.providers.get(actor, &ProviderRef::Id(id)).await.or_refuse(Resource::Provider)
}

/// The tenant that a path or a body names, in any spelling of its identifier or by its slug.
pub(super) async fn get_tenant(state: &RestState, actor: &Actor, tenant: &str) -> Result<Tenant> {
    state.services.tenants.get(actor, &TenantRef::parse(tenant)).await.or_refuse(Resource::Tenant)
}

/// The tenant of this name, if there is one within the caller's reach.
pub(super) async fn find_tenant(state: &RestState, actor: &Actor, tenant: &TenantRef) -> Result<Option<TenantId>> {
    match state.services.tenants.get(actor, tenant).await {
        Ok(tenant) => Ok(Some(tenant.id)),
        Err(ServiceError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error).or_refuse(Resource::Tenant),
    }
}

/// The tenant that a filter names, if it names one. Absent when no such tenant is within reach, so that the list is empty.
pub(super) async fn filtered_tenant(
    state: &RestState,
    actor: &Actor,
    named: Option<&str>,
) -> Result<Option<Option<TenantId>>> {
    match named.map(TenantRef::parse) {
        None => Ok(Some(None)),
        Some(TenantRef::Id(id)) => Ok(Some(Some(id))),
        Some(slug) => Ok(find_tenant(state, actor, &slug).await?.map(Some)),
    }
}
