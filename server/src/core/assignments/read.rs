//! Reading assignments, from either side. Secrets are not even opened.

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
    service::{ProviderRef, ServiceResult, TenantRef},
};

use crate::{
    core::{Core, OwnedBy, providers, require_somewhere, tenants},
    store::{Lock, assignments as rows, providers as provider_rows, tenants as tenant_rows},
};

impl Core {
    pub(super) async fn tenant_providers(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        filter: AssignmentFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = tenants::find_for(conn, actor, Permission::ViewAssignments, tenant, Lock::None).await?;
        Ok(rows::providers(conn, tenant.id, filter, page).await?.map(|stored| stored.provider))
    }

    pub(super) async fn tenant_provider_rows(
        &self,
        actor: &Actor,
        tenant: TenantId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedProvider>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let named = TenantRef::Id(tenant);
        tenants::find_for(conn, actor, Permission::ViewAssignments, &named, Lock::None).await?;
        let mut list = rows::provider_rows(conn, tenant, page).await?;
        // Whoever may not see the tenant that lends a provider is not told its name either.
        for row in &mut list.items {
            if row.provider.owner.is_some_and(|owner| owner != tenant) {
                let owned = OwnedBy::load(conn, row.provider.owner).await?;
                if actor.decide(Permission::ViewTenants, owned.owner()) != Decision::Allowed {
                    row.provider.owner_name = None;
                }
            }
        }
        Ok(list)
    }

    pub(super) async fn tenant_provider(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, Origin)> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = tenants::find_for(conn, actor, Permission::ViewAssignments, tenant, Lock::None).await?;
        let not_linked = || ServiceError::not_found(providers::WHAT);
        let origin = rows::find(conn, tenant.id, provider, Lock::None).await?.ok_or_else(not_linked)?;
        let stored = provider_rows::find(conn, &ProviderRef::Id(provider)).await?.ok_or_else(not_linked)?;
        Ok((self.shown(stored), origin))
    }

    pub(super) async fn provider_tenants(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedTenant>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::find_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::tenants(conn, provider, &actor.reach(), page).await?)
    }

    pub(super) async fn link_candidates(
        &self,
        actor: &Actor,
        tenant: TenantId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<LinkCandidate>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let named = TenantRef::Id(tenant);
        tenants::find_for(conn, actor, Permission::ManageAssignments, &named, Lock::None).await?;
        // Whoever manages assignments does so for every tenant within reach.
        Ok(rows::candidates(conn, tenant, &actor.reach(), search, page).await?)
    }

    /// Whoever may neither see the provider's settings nor its tenants links it from the tenant's side.
    pub(super) async fn tenants_to_link(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<Tenant>> {
        require_somewhere(actor, Permission::ManageAssignments)?;
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::find_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        let filter = TenantFilter { search: Some(search.to_owned()), ..TenantFilter::default() };
        Ok(tenant_rows::list(conn, &actor.reach(), &filter, Some(provider), page).await?)
    }
}
