//! Which tenants' users sign in with which providers.

mod link;
mod read;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        assignment::{AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate, Origin},
        id::{ProviderId, TenantId},
        page::{Page, PageRequest},
        provider::IdentityProvider,
        tenant::Tenant,
    },
    service::{Assignments, ServiceResult, TenantRef},
};

use super::Core;

/// Reading and writing stand in files of their own; this lists the operations.
#[async_trait]
impl Assignments for Core {
    async fn providers(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        filter: AssignmentFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        self.tenant_providers(actor, tenant, filter, page).await
    }

    async fn provider_rows(
        &self,
        actor: &Actor,
        tenant: TenantId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedProvider>> {
        self.tenant_provider_rows(actor, tenant, page).await
    }

    async fn provider(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, Origin)> {
        self.tenant_provider(actor, tenant, provider).await
    }

    async fn tenants(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedTenant>> {
        self.provider_tenants(actor, provider, page).await
    }

    async fn candidates(
        &self,
        actor: &Actor,
        tenant: TenantId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<LinkCandidate>> {
        self.link_candidates(actor, tenant, search, page).await
    }

    async fn tenant_candidates(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<Tenant>> {
        self.tenants_to_link(actor, provider, search, page).await
    }

    async fn link(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<IdentityProvider> {
        self.link_provider(actor, tenant, provider).await
    }

    async fn unlink(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<()> {
        self.unlink_provider(actor, tenant, provider).await
    }
}
