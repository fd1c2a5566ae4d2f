//! Tenants.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::TenantId,
        page::{Page, PageRequest},
        tenant::{Tenant, TenantStatus},
    },
    service::{ServiceResult, Tenants},
};

use super::{Core, new_uuid, require_anywhere};
use crate::store::{StoreResult, settings, tenants as rows};

#[async_trait]
impl Tenants for Core {
    async fn list(&self, actor: &Actor, search: Option<&str>, page: PageRequest) -> ServiceResult<Page<Tenant>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), search, page).await?)
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
        };
        let own = tenant.id.to_string();
        if settings::set_if_absent(conn, DEFAULT_TENANT, &own).await? == own {
            rows::insert(conn, &tenant).await?;
        }
        tx.commit().await
    }
}
