//! The service: reads assignments from either side, without opening secrets. `link` writes them.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Permission},
        assignment::{AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate, Origin},
        id::{ProviderId, TenantId},
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::IdentityProvider,
        tenant::{Tenant, TenantFilter},
    },
    service::{Assignments, ProviderRef, ServiceResult, TenantRef},
};

use super::link::ProviderLinks;
use crate::{
    clock::Clock,
    core::{
        permission::{RowOwner, require_somewhere},
        providers::{self, ProviderSecrets},
        tenants,
    },
    store::{Lock, Store, Work, assignments as rows, providers as provider_rows, tenants as tenant_rows},
};

/// Manages which tenants' users sign in with which providers.
pub(in crate::core) struct AssignmentService {
    store: Store,
    secrets: ProviderSecrets,
    links: ProviderLinks,
}

impl AssignmentService {
    pub(in crate::core) fn new(store: Store, clock: Arc<dyn Clock>, secrets: ProviderSecrets) -> Self {
        let store = store.for_work(Work::Assignments);
        Self { links: ProviderLinks { store: store.clone(), clock }, store, secrets }
    }
}

#[async_trait]
impl Assignments for AssignmentService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.list_providers")]
    async fn list_providers(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        filter: AssignmentFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = tenants::get_for(conn, actor, Permission::ViewAssignments, tenant, Lock::None).await?;
        Ok(rows::list_providers(conn, tenant.id, filter, page).await?.map(|stored| stored.provider))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.list_provider_rows")]
    async fn list_provider_rows(
        &self,
        actor: &Actor,
        tenant: TenantId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedProvider>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let named = TenantRef::Id(tenant);
        tenants::get_for(conn, actor, Permission::ViewAssignments, &named, Lock::None).await?;
        let mut list = rows::list_provider_rows(conn, tenant, page).await?;
        // Callers who may not see the tenant that lends a provider do not see its name either.
        for row in &mut list.items {
            if row.provider.owner.is_some_and(|owner| owner != tenant) {
                let owned = RowOwner::load(conn, row.provider.owner).await?;
                if actor.decide(Permission::ViewTenants, owned.owner()) != Decision::Allowed {
                    row.provider.owner_name = None;
                }
            }
        }
        Ok(list)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.get_provider")]
    async fn get_provider(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, Origin)> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = tenants::get_for(conn, actor, Permission::ViewAssignments, tenant, Lock::None).await?;
        let not_linked = || ServiceError::not_found(providers::WHAT);
        let origin = rows::find(conn, tenant.id, provider, Lock::None).await?.ok_or_else(not_linked)?;
        let stored = provider_rows::find(conn, &ProviderRef::Id(provider)).await?.ok_or_else(not_linked)?;
        Ok((self.secrets.keep_sealed(stored), origin))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.list_tenants")]
    async fn list_tenants(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedTenant>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::list_tenants(conn, provider, &actor.reach(), page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.list_candidates")]
    async fn list_candidates(
        &self,
        actor: &Actor,
        tenant: TenantId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<LinkCandidate>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let named = TenantRef::Id(tenant);
        tenants::get_for(conn, actor, Permission::ManageAssignments, &named, Lock::None).await?;
        // The permission to manage assignments holds for every tenant within reach.
        Ok(rows::list_candidates(conn, tenant, &actor.reach(), search, page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.list_tenant_candidates")]
    async fn list_tenant_candidates(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<Tenant>> {
        // Callers who may see neither the provider's settings nor its tenants link it from the tenant's side.
        require_somewhere(actor, Permission::ManageAssignments)?;
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        let filter = TenantFilter { search: Some(search.to_owned()), ..TenantFilter::default() };
        Ok(tenant_rows::list(conn, &actor.reach(), &filter, Some(provider), page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.link")]
    async fn link(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<IdentityProvider> {
        self.links.link(actor, tenant, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.assignment.unlink")]
    async fn unlink(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<()> {
        self.links.unlink(actor, tenant, provider).await
    }
}
