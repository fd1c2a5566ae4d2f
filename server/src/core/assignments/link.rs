//! Links a provider to a tenant, and unlinks it.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Permission},
        assignment::Origin,
        audit::{AuditAction, AuditObject, FieldChange},
        id::ProviderId,
        problem::ServiceError,
        provider::IdentityProvider,
        tenant::Tenant,
    },
    service::{ProviderRef, ServiceResult, TenantRef},
};

use crate::{
    clock::Clock,
    core::{
        audit::{AuditEntry, record},
        permission::RowOwner,
        providers, tenants,
    },
    store::{Conn, Lock, Store, assignments as rows, providers as provider_rows, sign_in::sessions},
};

/// Links providers to tenants.
pub(super) struct ProviderLinks {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

impl ProviderLinks {
    pub(super) async fn link(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<IdentityProvider> {
        let Self { store, clock } = self;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = tenants::get_for(conn, actor, Permission::ManageAssignments, tenant, Lock::Shared).await?;
        let provider = get_linkable(conn, actor, &tenant, provider).await?;
        let origin = if provider.owner == Some(tenant.id) { Origin::Owned } else { Origin::Shared };
        let now = clock.now();
        let is_new =
            provider_rows::insert_association(conn, tenant.id, provider.id, origin.as_str(), now, &actor.name())
                .await?;
        if is_new {
            let change = FieldChange { field: "tenant".to_owned(), before: None, after: Some(tenant.slug.clone()) };
            record(conn, actor, now, audit_entry(AuditAction::Linked, &tenant, &provider, change)).await?;
        }
        tx.commit().await?;
        Ok(provider)
    }

    pub(super) async fn unlink(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<()> {
        let Self { store, clock } = self;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = tenants::get_for(conn, actor, Permission::ManageAssignments, tenant, Lock::Shared).await?;
        let not_linked = || ServiceError::not_found(providers::WHAT);
        let provider = find_locked(conn, provider).await?.ok_or_else(not_linked)?;
        if !rows::delete(conn, tenant.id, provider.id).await? {
            return Err(not_linked());
        }
        sessions::delete_of_assignment(conn, tenant.id, provider.id).await?;
        let change = FieldChange { field: "tenant".to_owned(), before: Some(tenant.slug.clone()), after: None };
        let entry = audit_entry(AuditAction::Unlinked, &tenant, &provider, change);
        record(conn, actor, clock.now(), entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Gets a provider that the caller may link to the tenant: the platform's, the tenant's own, or one of a tenant that
/// the caller manages too. Others are "not found".
async fn get_linkable(
    conn: &mut Conn<'_>,
    actor: &Actor,
    tenant: &Tenant,
    provider: ProviderId,
) -> ServiceResult<IdentityProvider> {
    let found = find_locked(conn, provider).await?;
    let provider = found.ok_or_else(|| ServiceError::not_found(providers::WHAT))?;
    if provider.owner.is_none_or(|owner| owner == tenant.id) {
        return Ok(provider);
    }
    let owned = RowOwner::load(conn, provider.owner).await?;
    match actor.decide(Permission::ManageAssignments, owned.owner()) {
        Decision::Allowed => Ok(provider),
        Decision::Unauthenticated | Decision::Denied | Decision::Hidden => {
            Err(ServiceError::not_found(providers::WHAT))
        }
    }
}

/// Finds a provider and locks it, so that it is not deleted before the transaction ends.
async fn find_locked(conn: &mut Conn<'_>, provider: ProviderId) -> ServiceResult<Option<IdentityProvider>> {
    if !provider_rows::hold(conn, provider).await? {
        return Ok(None);
    }
    Ok(provider_rows::find(conn, &ProviderRef::Id(provider)).await?.map(|stored| stored.provider))
}

fn audit_entry<'a>(
    action: AuditAction,
    tenant: &Tenant,
    provider: &'a IdentityProvider,
    change: FieldChange,
) -> AuditEntry<'a> {
    AuditEntry {
        action,
        object: AuditObject::Provider,
        id: provider.id.to_string(),
        name: provider.label(),
        tenant: Some(tenant.id),
        changes: vec![change],
    }
}
