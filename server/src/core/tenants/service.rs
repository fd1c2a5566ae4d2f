//! The service: reads tenants, and hands each write to its operation.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::TenantId,
        page::{Page, PageRequest},
        provider::ReservedSlugs,
        tenant::{NewTenant, Tenant, TenantDetail, TenantFilter, TenantPatch},
    },
    service::{ServiceResult, TenantRef, Tenants},
};

use super::{create::TenantCreation, default::is_default, delete::TenantDeletion, get_for, update::TenantUpdate};
use crate::{
    clock::Clock,
    core::{permission::require_anywhere, totals::Totals},
    store::{Lock, Store, Work, tenants as rows},
};

/// Manages tenants: reads them, and has an operation for each kind of write.
pub(in crate::core) struct TenantService {
    store: Store,
    creation: TenantCreation,
    update: TenantUpdate,
    deletion: TenantDeletion,
}

impl TenantService {
    /// Gives each operation what it may use.
    pub(in crate::core) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        totals: Totals,
        reserved_slugs: ReservedSlugs,
    ) -> Self {
        let store = store.for_work(Work::Tenants);
        Self {
            creation: TenantCreation { store: store.clone(), clock: clock.clone(), reserved_slugs },
            update: TenantUpdate { store: store.clone(), clock: clock.clone(), totals: totals.clone() },
            deletion: TenantDeletion { store: store.clone(), clock, totals },
            store,
        }
    }
}

#[async_trait]
impl Tenants for TenantService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.list")]
    async fn list(&self, actor: &Actor, filter: &TenantFilter, page: PageRequest) -> ServiceResult<Page<Tenant>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, None, page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.list_partners")]
    async fn list_partners(&self, actor: &Actor) -> ServiceResult<Vec<String>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::list_partners(&mut read.conn(), &actor.reach()).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.get")]
    async fn get(&self, actor: &Actor, tenant: &TenantRef) -> ServiceResult<Tenant> {
        let mut read = self.store.read().await?;
        get_for(&mut read.conn(), actor, Permission::ViewTenants, tenant, Lock::None).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.get_detail")]
    async fn get_detail(&self, actor: &Actor, id: TenantId) -> ServiceResult<TenantDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = get_for(conn, actor, Permission::ViewTenants, &TenantRef::Id(id), Lock::None).await?;
        Ok(TenantDetail { is_default: is_default(conn, id).await?, impact: rows::get_impact(conn, id).await?, tenant })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.create")]
    async fn create(&self, actor: &Actor, new: NewTenant) -> ServiceResult<Tenant> {
        self.creation.create(actor, new).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.update")]
    async fn update(
        &self,
        actor: &Actor,
        id: TenantId,
        patch: TenantPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Tenant> {
        self.update.update(actor, id, patch, expected_version).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.tenant.delete")]
    async fn delete(&self, actor: &Actor, id: TenantId) -> ServiceResult<()> {
        self.deletion.delete(actor, id).await
    }
}
