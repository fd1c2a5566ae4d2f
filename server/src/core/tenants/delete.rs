//! Deletes a tenant softly, with its providers, groups, mappings and access. The default tenant cannot be deleted.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        id::TenantId,
        problem::{ProblemCode, ServiceError},
        tenant::{Tenant, TenantImpact},
        timestamp::Timestamp,
    },
    service::{ServiceResult, TenantRef},
};

use super::{audit_entry, default::is_default, get_for};
use crate::{
    clock::Clock,
    core::{
        administrators,
        audit::{AuditEntry, record},
        tokens,
        totals::Totals,
    },
    store::{
        Conn, Lock, Store,
        access::{administrators as administrator_rows, tokens as token_rows},
        assignments, directories, group_mappings, groups, providers,
        sign_in::sessions,
        tenants as rows,
    },
};

/// Deletes tenants.
pub(super) struct TenantDeletion {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) totals: Totals,
}

impl TenantDeletion {
    pub(super) async fn delete(&self, actor: &Actor, id: TenantId) -> ServiceResult<()> {
        let Self { store, clock, totals } = self;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = get_for(conn, actor, Permission::ManageTenants, &TenantRef::Id(id), Lock::Exclusive).await?;
        if is_default(conn, id).await? {
            let message = "This is the default tenant. It can be renamed or suspended, but not deleted.";
            return Err(ServiceError::invalid("tenant", ProblemCode::NotAllowed, message));
        }
        let now = clock.now();
        let impact = rows::get_impact(conn, id).await?;
        rows::soft_delete(conn, id, now).await?;
        delete_providers(conn, actor, now, &tenant).await?;
        assignments::delete_of_tenant(conn, id).await?;
        sessions::delete_of_tenant(conn, id).await?;
        group_mappings::delete_of_tenant(conn, id).await?;
        groups::delete_of_tenant(conn, id).await?;
        remove_access(conn, actor, now, &tenant).await?;
        record(conn, actor, now, audit_entry(AuditAction::Deleted, &tenant, lost(impact))).await?;
        tx.commit().await?;
        totals.forget();
        Ok(())
    }
}

/// Deletes the tenant's own providers, also from other tenants that they were linked to.
async fn delete_providers(conn: &mut Conn<'_>, actor: &Actor, now: Timestamp, tenant: &Tenant) -> ServiceResult<()> {
    for (id, label) in providers::list_of_tenant(conn, tenant.id).await? {
        if !providers::soft_delete(conn, id, now, &actor.name()).await? {
            continue;
        }
        assignments::delete_of_provider(conn, id).await?;
        sessions::delete_of_provider(conn, id).await?;
        group_mappings::delete_of_provider(conn, id).await?;
        directories::remove_of_provider(conn, id).await?;
        let entry = AuditEntry {
            action: AuditAction::Deleted,
            object: AuditObject::Provider,
            id: id.to_string(),
            name: &label,
            tenant: Some(tenant.id),
            changes: Vec::new(),
        };
        record(conn, actor, now, entry).await?;
    }
    Ok(())
}

/// Revokes the tokens and deletes the administrators whose role holds for the tenant; their sessions end.
async fn remove_access(conn: &mut Conn<'_>, actor: &Actor, now: Timestamp, tenant: &Tenant) -> ServiceResult<()> {
    for token in token_rows::list_of_tenant(conn, tenant.id).await? {
        if token_rows::revoke(conn, token.id, now).await? {
            record(conn, actor, now, tokens::audit_entry(AuditAction::Revoked, &token)).await?;
        }
    }
    for administrator in administrator_rows::list_of_tenant(conn, tenant.id).await? {
        administrator_rows::delete(conn, administrator.id).await?;
        let entry = administrators::audit_entry(AuditAction::Deleted, &administrator, Vec::new());
        record(conn, actor, now, entry).await?;
    }
    Ok(())
}

/// What was deleted with the tenant and has no audit entry of its own.
fn lost(impact: TenantImpact) -> Vec<FieldChange> {
    let TenantImpact { owned_providers: _, shared_providers, groups, administrators: _, tokens: _ } = impact;
    [("shared_providers", shared_providers), ("groups", groups)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(field, count)| FieldChange { field: field.to_owned(), before: Some(count.to_string()), after: None })
        .collect()
}
