//! Why a tenant's people cannot sign in with a provider.

use vestibule_app::{
    domain::{
        id::{ProviderId, TenantId},
        tenant::TenantStatus,
    },
    service::ProviderRef,
};

use super::reason::{NOT_LINKED, NOT_SERVING, PROVIDER_DELETED, PROVIDER_DISABLED, Reason, TENANT_UNUSABLE};
use crate::store::{Conn, StoreResult, providers, sign_in::serving, tenants};

/// What is wrong, once it is known that something is.
pub(super) async fn why_not_serving(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
) -> StoreResult<Reason> {
    let is_active = tenants::find(conn, tenant).await?.is_some_and(|tenant| tenant.status == TenantStatus::Active);
    if !is_active {
        return Ok(TENANT_UNUSABLE);
    }
    Ok(match providers::find(conn, &ProviderRef::Id(provider)).await? {
        None => PROVIDER_DELETED,
        Some(stored) if !stored.provider.enabled => PROVIDER_DISABLED,
        Some(_) if !serving::is_linked(conn, tenant, provider).await? => NOT_LINKED,
        // It changed meanwhile.
        Some(_) => NOT_SERVING,
    })
}
