//! Which tenants' users sign in with which providers.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    assignment::{AssignedProvider, AssignedTenant, LinkCandidate},
    id::{ProviderId, TenantId},
    page::{Page, PageRequest},
    tenant::Tenant,
};
#[cfg(feature = "ssr")]
use crate::service::TenantRef;

/// A page of the providers of a tenant, by label.
#[server(prefix = "/_ui/fn", endpoint = "assignments/tenant-providers", protocol = JsonPost)]
pub async fn list_tenant_providers(tenant: TenantId, page: PageRequest) -> Result<Page<AssignedProvider>, ApiError> {
    let call = context()?;
    answer(call.services.assignments.list_provider_rows(&call.actor, tenant, page.capped()).await)
}

/// A page of the tenants whose users sign in with a provider, by name.
#[server(prefix = "/_ui/fn", endpoint = "assignments/provider-tenants", protocol = JsonPost)]
pub async fn list_provider_tenants(provider: ProviderId, page: PageRequest) -> Result<Page<AssignedTenant>, ApiError> {
    let call = context()?;
    answer(call.services.assignments.list_tenants(&call.actor, provider, page.capped()).await)
}

/// A page of the providers that the caller may link to a tenant, by label. `search` is part of the label.
#[server(prefix = "/_ui/fn", endpoint = "assignments/candidates", protocol = JsonPost)]
pub async fn list_link_candidates(
    tenant: TenantId,
    search: String,
    page: PageRequest,
) -> Result<Page<LinkCandidate>, ApiError> {
    let call = context()?;
    answer(call.services.assignments.list_candidates(&call.actor, tenant, &search, page.capped()).await)
}

/// A page of the tenants that the caller may link a provider to, by name. `search` is part of the name or slug.
#[server(prefix = "/_ui/fn", endpoint = "assignments/tenant-candidates", protocol = JsonPost)]
pub async fn list_tenant_candidates(
    provider: ProviderId,
    search: String,
    page: PageRequest,
) -> Result<Page<Tenant>, ApiError> {
    let call = context()?;
    answer(call.services.assignments.list_tenant_candidates(&call.actor, provider, &search, page.capped()).await)
}

/// Links a provider to a tenant. Linking again changes nothing.
#[server(prefix = "/_ui/fn", endpoint = "assignments/link", protocol = JsonPost)]
pub async fn link_provider(tenant: TenantId, provider: ProviderId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.assignments.link(&call.actor, &TenantRef::Id(tenant), provider).await.map(|_| ()))
}

/// Unlinks a provider from a tenant. The provider is kept.
#[server(prefix = "/_ui/fn", endpoint = "assignments/unlink", protocol = JsonPost)]
pub async fn unlink_provider(tenant: TenantId, provider: ProviderId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.assignments.unlink(&call.actor, &TenantRef::Id(tenant), provider).await)
}
