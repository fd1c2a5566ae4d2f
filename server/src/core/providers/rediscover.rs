//! Reads a provider's discovery document again, as a preview or to store it.

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

use super::{ProviderService, apply};
use crate::core::discovery::discover;

impl ProviderService {
    pub(super) async fn preview_provider_rediscovery(
        &self,
        actor: &Actor,
        id: ProviderId,
    ) -> ServiceResult<RediscoveryPreview> {
        let (stored, last) = self.get_for_change(actor, &ProviderRef::Id(id), None).await?;
        let Some(oidc) = stored.provider.oidc() else { return Err(not_oidc()) };
        let report = {
            let _permit = self.limit.admit()?;
            discover(&self.outbound, &oidc.discovery_url, oidc.verify_tls, DiscoveryDemand::CodeFlow).await?
        };
        let empty = serde_json::Map::new();
        let before = last.as_ref().map_or(&empty, |last| &last.report.metadata.raw);
        let changes = discovery::diff(before, &report.metadata.raw);
        Ok(RediscoveryPreview { changes, report, version: stored.provider.version })
    }

    pub(super) async fn rediscover_provider(
        &self,
        actor: &Actor,
        id: ProviderId,
        expected_version: i64,
    ) -> ServiceResult<IdentityProvider> {
        let Self { clock, outbound, limit, .. } = self;
        let (before, _) = self.get_for_change(actor, &ProviderRef::Id(id), Some(expected_version)).await?;
        let mut after = before.clone();
        let ProviderConfig::Oidc(oidc) = &mut after.provider.config else { return Err(not_oidc()) };
        let report = {
            let _permit = limit.admit()?;
            discover(outbound, &oidc.discovery_url, oidc.verify_tls, DiscoveryDemand::CodeFlow).await?
        };
        apply::report(oidc, &report, DiscoveryDemand::CodeFlow);
        let last = LastDiscovery { at: clock.now(), report };
        after.warnings = apply::warning_count(Some(&last), &after.provider);
        self.store_change(actor, &before.provider, after, Some(last), AuditAction::Rediscovered).await
    }
}

fn not_oidc() -> ServiceError {
    let message = "Only OpenID providers have a discovery document.";
    ServiceError::invalid("protocol", ProblemCode::NotAllowed, message)
}
