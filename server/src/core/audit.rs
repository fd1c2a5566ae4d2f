//! Writes and reads the audit log. A change and its entry share a transaction.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditEvent, AuditFilter, AuditObject, FieldChange},
        id::{AuditEventId, TenantId},
        page::{Page, PageRequest},
        timestamp::Timestamp,
    },
    service::{Audit, ServiceResult},
};

use super::{new_uuid, permission::require_anywhere};
use crate::{
    clock::Clock,
    store::{Conn, Store, StoreResult, audit as rows},
};

/// What an operation writes to the audit log; who did it and when comes from the caller of [`record`].
pub(super) struct AuditEntry<'a> {
    pub(super) action: AuditAction,
    pub(super) object: AuditObject,
    /// The identifier of the object.
    pub(super) id: String,
    /// The name of the object.
    pub(super) name: &'a str,
    pub(super) tenant: Option<TenantId>,
    pub(super) changes: Vec<FieldChange>,
}

/// Writes an entry into the transaction of the change.
pub(super) async fn record(
    conn: &mut Conn<'_>,
    actor: &Actor,
    now: Timestamp,
    entry: AuditEntry<'_>,
) -> StoreResult<()> {
    let AuditEntry { action, object, id, name, tenant, changes } = entry;
    let event = AuditEvent {
        id: AuditEventId(new_uuid()),
        at: now,
        actor: actor.name(),
        address: actor.address.map(|address| address.to_string()),
        action,
        object,
        object_id: id,
        object_name: name.to_owned(),
        tenant,
        changes,
    };
    rows::insert(conn, &event).await
}

/// Reads the audit log, and removes entries that are older than they are kept.
pub(crate) struct AuditService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Audit for AuditService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.audit.list")]
    async fn list(&self, actor: &Actor, filter: &AuditFilter, page: PageRequest) -> ServiceResult<Page<AuditEvent>> {
        require_anywhere(actor, Permission::ViewAudit)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, page).await?)
    }
}

impl AuditService {
    /// Removes entries older than a number of days.
    #[tracing::instrument(level = "debug", skip_all, name = "core.audit.purge")]
    pub(crate) async fn purge(&self, days: u32) -> StoreResult<()> {
        let before = self.clock.now().plus_seconds(-i64::from(days) * 24 * 60 * 60);
        let mut tx = self.store.begin_long().await?;
        let removed = rows::purge_before(&mut tx.conn(), before).await?;
        tx.commit().await?;
        if removed > 0 {
            tracing::info!(removed, "removed old audit entries");
        }
        Ok(())
    }
}
