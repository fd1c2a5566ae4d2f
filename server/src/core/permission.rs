//! From the decisions of `domain::actor` to errors: what is hidden looks like what does not exist.

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Identity, Owner, Permission},
        id::TenantId,
        problem::ServiceError,
    },
    service::ServiceResult,
};

use crate::store::{Conn, StoreResult, tenants as tenant_rows};

/// Requires the permission on what the owner has; `what` is the noun of "not found".
pub(super) fn require(actor: &Actor, permission: Permission, owner: Owner<'_>, what: &str) -> ServiceResult<()> {
    match actor.decide(permission, owner) {
        Decision::Allowed => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied => Err(ServiceError::Forbidden),
        Decision::Hidden => Err(ServiceError::not_found(what)),
    }
}

/// Requires the permission for a list; what the list shows is the caller's reach.
pub(super) fn require_anywhere(actor: &Actor, permission: Permission) -> ServiceResult<()> {
    match actor.decide_anywhere(permission) {
        Decision::Allowed => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied | Decision::Hidden => Err(ServiceError::Forbidden),
    }
}

/// Rejects callers who have the permission on nothing at all before anything is looked up, so that they learn nothing
/// about what exists.
pub(super) fn require_somewhere(actor: &Actor, permission: Permission) -> ServiceResult<()> {
    match actor.decide_anywhere(permission) {
        Decision::Allowed | Decision::Hidden => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied => Err(ServiceError::Forbidden),
    }
}

/// The owner of a row: a tenant with its partner, or the platform.
pub(super) struct RowOwner {
    tenant: Option<(TenantId, Option<String>)>,
}

impl RowOwner {
    pub(super) async fn load(conn: &mut Conn<'_>, tenant: Option<TenantId>) -> StoreResult<Self> {
        let Some(id) = tenant else { return Ok(Self { tenant: None }) };
        let partner = tenant_rows::find(conn, id).await?.and_then(|tenant| tenant.partner);
        Ok(Self { tenant: Some((id, partner)) })
    }

    pub(super) fn owner(&self) -> Owner<'_> {
        match &self.tenant {
            None => Owner::Platform,
            Some((id, partner)) => Owner::Tenant { id: *id, partner: partner.as_deref() },
        }
    }
}

/// The actor that the audit log and the records name for scheduled work. It has no permission.
pub(super) fn scheduler() -> Actor {
    Actor { identity: Identity::Host { name: "schedule".to_owned() }, grant: None, address: None }
}
