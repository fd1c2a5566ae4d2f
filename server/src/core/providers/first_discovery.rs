//! Completes a provider that was created without discovery, once a connection test has read its document.
//!
//! It changes nothing that an administrator entered, so the version stays, and an administrator who edits the provider
//! meanwhile can save. When both write at the same time the administrator's change wins, and the next test completes
//! the provider again.

use vestibule_app::domain::{
    actor::Actor,
    audit::{AuditAction, AuditObject},
    provider::{DiscoveryDemand, OidcEndpoints, ProviderConfig, detail::LastDiscovery},
    timestamp::Timestamp,
};

use super::{apply, changes};
use crate::{
    core::audit::{AuditEntry, record},
    store::{
        Conn, StoreResult,
        providers::{self as rows, StoredProvider},
    },
};

/// Stores a discovery for a provider that has none yet, or no endpoints.
pub(in crate::core) async fn keep_first_discovery(
    conn: &mut Conn<'_>,
    actor: &Actor,
    now: Timestamp,
    before: StoredProvider,
    found: LastDiscovery,
) -> StoreResult<()> {
    let id = before.provider.id;
    let mut after = before.clone();
    let ProviderConfig::Oidc(oidc) = &mut after.provider.config else { return Ok(()) };
    let lacks_endpoints = oidc.endpoints == OidcEndpoints::default();
    if !lacks_endpoints && rows::find_discovery(conn, id).await?.is_some() {
        return Ok(());
    }
    if found.report.requested_url != oidc.discovery_url {
        // The address was changed while the test ran.
        return Ok(());
    }
    apply::report(oidc, &found.report, DiscoveryDemand::CodeFlow);
    after.warnings = apply::warning_count(Some(&found), &after.provider);
    if !rows::fill_in(conn, &after).await? {
        return Ok(());
    }
    rows::put_discovery(conn, id, &found).await?;
    let entry = AuditEntry {
        action: AuditAction::Rediscovered,
        object: AuditObject::Provider,
        id: id.to_string(),
        name: after.provider.label(),
        tenant: after.provider.owner,
        changes: changes::between(&before.provider, &after.provider),
    };
    record(conn, actor, now, entry).await
}
