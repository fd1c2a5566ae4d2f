//! Reading tenants.

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        id::TenantId,
        page::{Page, PageRequest},
        problem::ServiceError,
        tenant::{Tenant, TenantDetail, TenantFilter},
    },
    service::{ServiceResult, TenantRef},
};

use super::{DEFAULT_TENANT, WHAT};
use crate::{
    core::{Core, require, require_anywhere, require_somewhere},
    store::{Conn, Lock, settings, tenants as rows},
};

/// Finds a tenant and checks that the caller may do this to it, or to what belongs to it. Nothing is found for callers
/// it is hidden from. Whoever adds something to the tenant locks it, so that it is not deleted meanwhile.
pub(in crate::core) async fn find_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    tenant: &TenantRef,
    lock: Lock,
) -> ServiceResult<Tenant> {
    require_somewhere(actor, permission)?;
    let tenant = rows::find_locked(conn, tenant, lock).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    require(actor, permission, owner(&tenant), WHAT)?;
    Ok(tenant)
}

/// The owner of what belongs to a tenant.
pub(super) fn owner(tenant: &Tenant) -> Owner<'_> {
    Owner::Tenant { id: tenant.id, partner: tenant.partner.as_deref() }
}

impl Core {
    pub(super) async fn list_tenants(
        &self,
        actor: &Actor,
        filter: &TenantFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<Tenant>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, None, page).await?)
    }

    pub(super) async fn list_partners(&self, actor: &Actor) -> ServiceResult<Vec<String>> {
        require_anywhere(actor, Permission::ViewTenants)?;
        let mut read = self.store.read().await?;
        Ok(rows::partners(&mut read.conn(), &actor.reach()).await?)
    }

    pub(super) async fn get_tenant(&self, actor: &Actor, tenant: &TenantRef) -> ServiceResult<Tenant> {
        let mut read = self.store.read().await?;
        find_for(&mut read.conn(), actor, Permission::ViewTenants, tenant, Lock::None).await
    }

    pub(super) async fn tenant_detail(&self, actor: &Actor, id: TenantId) -> ServiceResult<TenantDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = find_for(conn, actor, Permission::ViewTenants, &TenantRef::Id(id), Lock::None).await?;
        Ok(TenantDetail { is_default: is_default(conn, id).await?, impact: rows::impact(conn, id).await?, tenant })
    }
}

/// The tenant that every installation begins with. Users of the platform's own directories belong to it.
pub(in crate::core) async fn default_id(conn: &mut Conn<'_>) -> ServiceResult<TenantId> {
    let id = settings::get(conn, DEFAULT_TENANT).await?.and_then(|id| id.parse().ok());
    id.ok_or_else(|| {
        tracing::error!("the setting that names the default tenant is missing or no identifier");
        ServiceError::Internal
    })
}

/// Whether it is the tenant that every installation begins with.
pub(super) async fn is_default(conn: &mut Conn<'_>, id: TenantId) -> ServiceResult<bool> {
    Ok(settings::get(conn, DEFAULT_TENANT).await?.is_some_and(|default| default == id.to_string()))
}
