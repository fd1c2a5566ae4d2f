//! Gets a tenant for a caller with a permission on it.

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        problem::ServiceError,
        tenant::Tenant,
    },
    service::{ServiceResult, TenantRef},
};

use super::WHAT;
use crate::{
    core::permission::{require, require_somewhere},
    store::{Conn, Lock, tenants as rows},
};

/// Gets a tenant and checks the permission on it, or on what belongs to it. For callers it is hidden from it is "not
/// found". An operation that adds something to the tenant locks it, so that it is not deleted meanwhile.
pub(in crate::core) async fn get_for(
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
fn owner(tenant: &Tenant) -> Owner<'_> {
    Owner::Tenant { id: tenant.id, partner: tenant.partner.as_deref() }
}
