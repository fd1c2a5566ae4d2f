//! Writing and reading the audit log.

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

use super::{Core, new_uuid, require_anywhere};
use crate::store::{Conn, StoreResult, audit as rows};

/// What happened, for the log.
pub(super) struct Happening<'a> {
    pub(super) action: AuditAction,
    pub(super) object: AuditObject,
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) tenant: Option<TenantId>,
    pub(super) changes: Vec<FieldChange>,
}

/// Writes an entry into the transaction of the change it tells of.
pub(super) async fn record(conn: &mut Conn<'_>, actor: &Actor, now: Timestamp, what: Happening<'_>) -> StoreResult<()> {
    let Happening { action, object, id, name, tenant, changes } = what;
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

#[async_trait]
impl Audit for Core {
    async fn list(&self, actor: &Actor, filter: &AuditFilter, page: PageRequest) -> ServiceResult<Page<AuditEvent>> {
        require_anywhere(actor, Permission::ViewAudit)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, page).await?)
    }
}
