//! From the decisions of `domain::actor` to errors: what is hidden looks like what does not exist.

use std::collections::HashMap;

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Identity, Owner, Permission, Reach},
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

/// The tenants whose rows an actor may see. Remembers its decisions, since a page has many rows of few tenants.
pub(super) struct VisibleTenants<'a> {
    actor: &'a Actor,
    permission: Permission,
    decided: HashMap<Option<TenantId>, bool>,
}

impl<'a> VisibleTenants<'a> {
    pub(super) fn new(actor: &'a Actor, permission: Permission) -> Self {
        Self { actor, permission, decided: HashMap::new() }
    }

    /// Whether the actor has the permission on what the tenant has, or on what is the platform's.
    pub(super) async fn contains(&mut self, conn: &mut Conn<'_>, tenant: Option<TenantId>) -> StoreResult<bool> {
        if let Some(decided) = self.decided.get(&tenant) {
            return Ok(*decided);
        }
        let decided = self.decide(conn, tenant).await?;
        self.decided.insert(tenant, decided);
        Ok(decided)
    }

    /// Looks up the tenant's partner only where the decision depends on it.
    async fn decide(&self, conn: &mut Conn<'_>, tenant: Option<TenantId>) -> StoreResult<bool> {
        let is_allowed = |owner: Owner<'_>| self.actor.decide(self.permission, owner) == Decision::Allowed;
        match (tenant, self.actor.reach()) {
            (None, _) => Ok(is_allowed(Owner::Platform)),
            (Some(_), Reach::Partner(_)) => Ok(is_allowed(RowOwner::load(conn, tenant).await?.owner())),
            (Some(id), _) => Ok(is_allowed(Owner::Tenant { id, partner: None })),
        }
    }
}

/// The actor that the audit log and the records name for scheduled work. It has no permission.
pub(super) fn scheduler() -> Actor {
    Actor { identity: Identity::Host { name: "schedule".to_owned() }, grant: None, address: None }
}
