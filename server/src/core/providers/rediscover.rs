//! Reads a provider's discovery document again, as a preview or to store it.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        audit::AuditAction,
        discovery,
        id::ProviderId,
        problem::{ProblemCode, ServiceError},
        provider::{
            DiscoveryDemand, IdentityProvider, ProviderConfig,
            detail::{LastDiscovery, RediscoveryPreview},
        },
    },
    service::{ProviderRef, ServiceResult},
};

use super::{ProviderSecrets, apply, get::get_for_change, save::ProviderSave};
use crate::{
    clock::Clock,
    core::{discovery::discover, outbound_limit::OutboundLimit},
    protocol::http::OutboundClient,
    store::Store,
};

/// Reads the discovery documents of providers again.
pub(super) struct ProviderRediscovery {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) outbound: OutboundClient,
    pub(super) limit: OutboundLimit,
    pub(super) secrets: ProviderSecrets,
    pub(super) save: ProviderSave,
}

impl ProviderRediscovery {
    pub(super) async fn preview(&self, actor: &Actor, id: ProviderId) -> ServiceResult<RediscoveryPreview> {
        let Self { store, outbound, limit, secrets, .. } = self;
        let (stored, last) = get_for_change(store, secrets, actor, &ProviderRef::Id(id), None).await?;
        let Some(oidc) = stored.provider.oidc() else { return Err(not_oidc()) };
        let report = {
            let _permit = limit.admit()?;
            discover(outbound, &oidc.discovery_url, oidc.verify_tls, DiscoveryDemand::CodeFlow).await?
        };
        let empty = serde_json::Map::new();
        let before = last.as_ref().map_or(&empty, |last| &last.report.metadata.raw);
        let changes = discovery::diff(before, &report.metadata.raw);
        Ok(RediscoveryPreview { changes, report, version: stored.provider.version })
    }

    pub(super) async fn rediscover(
        &self,
        actor: &Actor,
        id: ProviderId,
        expected_version: i64,
    ) -> ServiceResult<IdentityProvider> {
        let Self { store, clock, outbound, limit, secrets, save } = self;
        let (before, _) = get_for_change(store, secrets, actor, &ProviderRef::Id(id), Some(expected_version)).await?;
        let mut after = before.clone();
        let ProviderConfig::Oidc(oidc) = &mut after.provider.config else { return Err(not_oidc()) };
        let report = {
            let _permit = limit.admit()?;
            discover(outbound, &oidc.discovery_url, oidc.verify_tls, DiscoveryDemand::CodeFlow).await?
        };
        apply::report(oidc, &report, DiscoveryDemand::CodeFlow);
        let last = LastDiscovery { at: clock.now(), report };
        after.warnings = apply::warning_count(Some(&last), &after.provider);
        save.store(actor, &before.provider, after, Some(last), AuditAction::Rediscovered).await
    }
}

fn not_oidc() -> ServiceError {
    let message = "Only OpenID providers have a discovery document.";
    ServiceError::invalid("protocol", ProblemCode::NotAllowed, message)
}
