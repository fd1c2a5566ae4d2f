//! Cancelling a run.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, FieldChange},
        id::ProviderId,
    },
    service::{ProviderRef, ServiceResult},
};

use super::{
    audit_entry,
    running::{Running, Stop},
};
use crate::{
    clock::Clock,
    core::{audit::record, providers},
    store::{Store, syncs as rows},
};

/// Cancels the run of a provider, also one on another node.
#[derive(Clone)]
pub(super) struct RunCancellation {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) running: Arc<Running>,
}

impl RunCancellation {
    pub(super) async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let reference = ProviderRef::Id(provider);
        let stored = providers::get_for(conn, actor, Permission::ManageProviders, &reference).await?.provider;
        let Some(run) = rows::cancel(conn, provider, now).await? else { return Ok(false) };
        let change = FieldChange { field: "run".to_owned(), before: Some(run.prefixed()), after: None };
        record(conn, actor, now, audit_entry(AuditAction::SyncCancelled, &stored, vec![change])).await?;
        tx.commit().await?;
        self.running.stop(provider, Stop::Cancelled);
        Ok(true)
    }
}
