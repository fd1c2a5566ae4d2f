//! Deletes a provider softly, with its assignments, group mappings and links of users.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject},
        problem::ServiceError,
    },
    service::{ProviderRef, ServiceResult},
};

use super::{WHAT, get_for};
use crate::{
    clock::Clock,
    core::{
        audit::{AuditEntry, record},
        running::{Running, Stop},
        totals::Totals,
    },
    store::{Store, assignments, directories, group_mappings, providers as rows, sign_in::sessions, syncs},
};

/// Deletes providers.
pub(super) struct ProviderDeletion {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) totals: Totals,
    /// The synchronisation of the provider ends.
    pub(super) running: Arc<Running>,
}

impl ProviderDeletion {
    pub(super) async fn delete(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<()> {
        let Self { store, clock, totals, running } = self;
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let stored = get_for(conn, actor, Permission::ManageProviders, provider).await?.provider;
        let now = clock.now();
        if !rows::soft_delete(conn, stored.id, now, &actor.name()).await? {
            return Err(ServiceError::not_found(WHAT));
        }
        // Waits for a run that is writing, so that it writes nothing after the removals below.
        syncs::cancel(conn, stored.id, now).await?;
        assignments::delete_of_provider(conn, stored.id).await?;
        sessions::delete_of_provider(conn, stored.id).await?;
        group_mappings::delete_of_provider(conn, stored.id).await?;
        directories::remove_of_provider(conn, stored.id).await?;
        let entry = AuditEntry {
            action: AuditAction::Deleted,
            object: AuditObject::Provider,
            id: stored.id.to_string(),
            name: stored.label(),
            tenant: stored.owner,
            changes: Vec::new(),
        };
        record(conn, actor, now, entry).await?;
        tx.commit().await?;
        totals.forget();
        running.stop(stored.id, Stop::ProviderGone);
        Ok(())
    }
}
