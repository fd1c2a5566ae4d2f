//! Stores a changed provider with its audit entry: the last step of an update and of a rediscovery.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        audit::{AuditAction, AuditObject},
        id::ProviderId,
        problem::ServiceError,
        provider::{IdentityProvider, OidcConfig, detail::LastDiscovery},
    },
    service::{ProviderRef, ServiceResult},
};

use super::{ProviderSecrets, WHAT, changes, secrets};
use crate::{
    clock::Clock,
    core::{
        audit::{AuditEntry, record},
        running::{Running, Stop},
        totals::Totals,
    },
    store::{
        Store,
        providers::{self as rows, StoredProvider},
        sign_in::sessions,
    },
};

/// Stores changed providers.
#[derive(Clone)]
pub(super) struct ProviderSave {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// Seals the secrets.
    pub(super) secrets: ProviderSecrets,
    pub(super) totals: Totals,
    /// A synchronisation ends when its provider is disabled.
    pub(super) running: Arc<Running>,
}

impl ProviderSave {
    /// Stores a changed provider. When nothing differs, only `updated_at` changes, without a new version or an audit
    /// entry.
    pub(super) async fn store(
        &self,
        actor: &Actor,
        before: &IdentityProvider,
        mut after: StoredProvider,
        discovery: Option<LastDiscovery>,
        action: AuditAction,
    ) -> ServiceResult<IdentityProvider> {
        let Self { store, clock, secrets, totals, running } = self;
        let now = clock.now();
        secrets::date(Some(before), &mut after.provider, now);
        let is_changed = after.provider != *before || action == AuditAction::Rediscovered;
        after.provider.updated_at = Some(now);
        if is_changed {
            after.provider.version = before.version + 1;
            after.changed_by = actor.name();
        }
        if secrets::is_carried(&after.provider) || !secrets::is_stored(&after.provider) {
            after.sealed_secrets = secrets.seal(&after.provider)?;
        }
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        if !rows::update(conn, &after, before.version).await? {
            drop(tx);
            return Err(self.changed_meanwhile(before.id).await);
        }
        if ends_sessions(before, &after.provider) {
            sessions::delete_of_provider(conn, after.provider.id).await?;
        }
        let is_elsewhere = |oidc: &OidcConfig| before.oidc().is_some_and(|old| old.discovery_url != oidc.discovery_url);
        if let Some(discovery) = &discovery {
            rows::put_discovery(conn, after.provider.id, discovery).await?;
        } else if after.provider.oidc().is_some_and(is_elsewhere) {
            // The stored discovery belongs to another address.
            rows::delete_discovery(conn, after.provider.id).await?;
        }
        if is_changed {
            let entry = AuditEntry {
                action,
                object: AuditObject::Provider,
                id: after.provider.id.to_string(),
                name: after.provider.label(),
                tenant: after.provider.owner,
                changes: changes::between(before, &after.provider),
            };
            record(conn, actor, now, entry).await?;
        }
        tx.commit().await?;
        totals.forget();
        if !after.provider.enabled {
            running.stop(after.provider.id, Stop::ProviderGone);
        }
        Ok(if secrets::is_carried(&after.provider) { after.provider } else { secrets.keep_sealed(after) })
    }

    /// The error when another write came between our read and ours: who wrote, or that the provider is gone.
    async fn changed_meanwhile(&self, id: ProviderId) -> ServiceError {
        let mut read = match self.store.read().await {
            Ok(read) => read,
            Err(error) => return error.into(),
        };
        match rows::find(&mut read.conn(), &ProviderRef::Id(id)).await {
            Ok(Some(stored)) => ServiceError::Conflict { what: WHAT.to_owned(), by: Some(stored.changed_by) },
            Ok(None) => ServiceError::not_found(WHAT),
            Err(error) => error.into(),
        }
    }
}

/// Whether a change ends the sessions of the people who signed in with the provider: they would come back with it if the
/// change was undone, or belong to people of another issuer or client.
fn ends_sessions(before: &IdentityProvider, after: &IdentityProvider) -> bool {
    let client = |provider: &IdentityProvider| {
        provider.oidc().map(|OidcConfig { issuer, client_id, .. }| (issuer.clone(), client_id.clone()))
    };
    (before.enabled && !after.enabled) || client(before) != client(after)
}
