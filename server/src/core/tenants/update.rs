//! Updates a tenant.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, FieldChange},
        id::TenantId,
        patch::Patch,
        problem::ServiceError,
        tenant::{Tenant, TenantPatch, TenantStatus, check_tenant_patch},
    },
    service::{ServiceResult, TenantRef},
};

use super::{WHAT, audit_entry, fields, get_for};
use crate::{
    clock::Clock,
    core::{audit::record, totals::Totals},
    store::{Lock, Store, sign_in::sessions, tenants as rows},
};

/// Updates tenants.
pub(super) struct TenantUpdate {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// What partner administrators see of providers changes with the partner.
    pub(super) totals: Totals,
}

impl TenantUpdate {
    pub(super) async fn update(
        &self,
        actor: &Actor,
        id: TenantId,
        patch: TenantPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Tenant> {
        let Self { store, clock, totals } = self;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let before = get_for(conn, actor, Permission::ManageTenants, &TenantRef::Id(id), Lock::Exclusive).await?;
        if expected_version.is_some_and(|version| version != before.version) {
            return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None });
        }
        let problems = check_tenant_patch(&patch);
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let now = clock.now();
        let mut after = Tenant { updated_at: Some(now), ..before.clone() };
        apply(&mut after, patch);
        let changes = between(&before, &after);
        if !changes.is_empty() {
            after.version += 1;
            record(conn, actor, now, audit_entry(AuditAction::Updated, &after, changes)).await?;
        }
        if before.status == TenantStatus::Active && after.status != TenantStatus::Active {
            sessions::delete_of_tenant(conn, id).await?;
        }
        rows::update(conn, &after).await?;
        tx.commit().await?;
        totals.forget();
        Ok(after)
    }
}

/// Applies a patch whose values were checked.
fn apply(tenant: &mut Tenant, patch: TenantPatch) {
    let TenantPatch { name, partner, status } = patch;
    if let Some(name) = name {
        tenant.name = name.trim().to_owned();
    }
    match partner {
        Patch::Set(partner) => tenant.partner = Some(partner.trim().to_owned()),
        other => other.apply(&mut tenant.partner),
    }
    if let Some(status) = status {
        tenant.status = status;
    }
}

fn between(before: &Tenant, after: &Tenant) -> Vec<FieldChange> {
    let pairs = fields(before).into_iter().zip(fields(after)).filter(|(old, new)| old != new);
    pairs
        .map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), before: Some(old), after: Some(new) })
        .collect()
}
