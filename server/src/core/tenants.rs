//! Tenants.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::TenantId,
        page::{Page, PageRequest},
        problem::ServiceError,
        tenant::{NewTenant, Tenant, TenantDetail, TenantFilter, TenantPatch, TenantStatus},
    },
    service::{ServiceResult, TenantRef, Tenants},
};

use super::{Core, new_uuid, require_anywhere};
use crate::store::{StoreResult, settings, tenants as rows};

#[async_trait]
impl Tenants for Core {
    async fn list(&self, actor: &Actor, filter: &TenantFilter, page: PageRequest) -> ServiceResult<Page<Tenant>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter.search.as_deref(), page).await?)
    }

    async fn get(&self, _actor: &Actor, _tenant: &TenantRef) -> ServiceResult<Tenant> {
        Err(ServiceError::Internal)
    }

    async fn detail(&self, _actor: &Actor, _id: TenantId) -> ServiceResult<TenantDetail> {
        Err(ServiceError::Internal)
    }

    async fn create(&self, _actor: &Actor, _new: NewTenant) -> ServiceResult<Tenant> {
        Err(ServiceError::Internal)
    }

    async fn update(
        &self,
        _actor: &Actor,
        _id: TenantId,
        _patch: TenantPatch,
        _expected_version: Option<i64>,
    ) -> ServiceResult<Tenant> {
        Err(ServiceError::Internal)
    }

    async fn delete(&self, _actor: &Actor, _id: TenantId) -> ServiceResult<()> {
        Err(ServiceError::Internal)
    }
}

const DEFAULT_TENANT: &str = "default_tenant";

impl Core {
    /// Creates the default tenant at the first start. Two nodes starting at once create one.
    pub(crate) async fn ensure_default_tenant(&self) -> StoreResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = Tenant {
            id: TenantId(new_uuid()),
            slug: "default".to_owned(),
            name: "Default".to_owned(),
            partner: None,
            status: TenantStatus::Active,
            created_at: self.clock.now(),
            updated_at: None,
            version: 1,
        };
        let own = tenant.id.to_string();
        if settings::set_if_absent(conn, DEFAULT_TENANT, &own).await? == own {
            rows::insert(conn, &tenant).await?;
        }
        tx.commit().await
    }
}
