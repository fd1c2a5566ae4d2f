//! Which tenants' users sign in with which providers.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        assignment::{AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate, Origin},
        id::{ProviderId, TenantId},
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::IdentityProvider,
    },
    service::{Assignments, ServiceResult, TenantRef},
};

use super::Core;

#[async_trait]
impl Assignments for Core {
    async fn providers(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _filter: AssignmentFilter,
        _page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        Err(ServiceError::Internal)
    }

    async fn provider_rows(
        &self,
        _actor: &Actor,
        _tenant: TenantId,
        _page: PageRequest,
    ) -> ServiceResult<Page<AssignedProvider>> {
        Err(ServiceError::Internal)
    }

    async fn provider(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, Origin)> {
        Err(ServiceError::Internal)
    }

    async fn tenants(
        &self,
        _actor: &Actor,
        _provider: ProviderId,
        _page: PageRequest,
    ) -> ServiceResult<Page<AssignedTenant>> {
        Err(ServiceError::Internal)
    }

    async fn candidates(
        &self,
        _actor: &Actor,
        _tenant: TenantId,
        _search: &str,
        _page: PageRequest,
    ) -> ServiceResult<Page<LinkCandidate>> {
        Err(ServiceError::Internal)
    }

    async fn link(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
    ) -> ServiceResult<IdentityProvider> {
        Err(ServiceError::Internal)
    }

    async fn unlink(&self, _actor: &Actor, _tenant: &TenantRef, _provider: ProviderId) -> ServiceResult<()> {
        Err(ServiceError::Internal)
    }
}
