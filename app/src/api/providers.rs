//! Identity providers.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{
    ApiError, JsonPost,
    provider_form::{NewProviderForm, ProviderChange},
};
use crate::domain::{
    id::ProviderId,
    page::{Page, PageRequest},
    provider::{
        ProviderFilter, ProviderSort, ProviderSummary,
        detail::{Impact, ProviderDetail, RediscoveryPreview},
    },
};
#[cfg(feature = "ssr")]
use crate::{
    domain::provider::DiscoveryDemand,
    service::{ProviderRef, Rediscover, UpdateOptions},
};

/// A page of the providers within the caller's reach.
#[server(prefix = "/_ui/fn", endpoint = "providers/list", protocol = JsonPost)]
pub async fn list_providers(
    filter: ProviderFilter,
    sort: ProviderSort,
    page: PageRequest,
) -> Result<Page<ProviderSummary>, ApiError> {
    let call = context()?;
    answer(call.services.providers.list(&call.actor, &filter, sort, page.capped()).await)
}

/// One provider with what its page shows beside it.
#[server(prefix = "/_ui/fn", endpoint = "providers/get", protocol = JsonPost)]
pub async fn get_provider(id: ProviderId) -> Result<ProviderDetail, ApiError> {
    let call = context()?;
    answer(call.services.providers.get_detail(&call.actor, id).await)
}

/// Creates a provider.
#[server(prefix = "/_ui/fn", endpoint = "providers/create", protocol = JsonPost)]
pub async fn create_provider(form: NewProviderForm) -> Result<ProviderId, ApiError> {
    let call = context()?;
    answer(call.services.providers.create(&call.actor, form.into()).await.map(|provider| provider.id))
}

/// Changes a provider and returns its new version.
#[server(prefix = "/_ui/fn", endpoint = "providers/update", protocol = JsonPost)]
pub async fn update_provider(id: ProviderId, version: i64, change: ProviderChange) -> Result<i64, ApiError> {
    let call = context()?;
    let options = UpdateOptions {
        expected_version: Some(version),
        rediscover: Rediscover::WhenConnectionChanges,
        demand: DiscoveryDemand::Usable,
    };
    let updated = call.services.providers.update(&call.actor, &ProviderRef::Id(id), change.into(), options).await;
    answer(updated.map(|provider| provider.version))
}

/// Deletes a provider softly.
#[server(prefix = "/_ui/fn", endpoint = "providers/delete", protocol = JsonPost)]
pub async fn delete_provider(id: ProviderId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.providers.delete(&call.actor, &ProviderRef::Id(id)).await)
}

/// What disabling or deleting a provider affects.
#[server(prefix = "/_ui/fn", endpoint = "providers/impact", protocol = JsonPost)]
pub async fn provider_impact(id: ProviderId) -> Result<Impact, ApiError> {
    let call = context()?;
    answer(call.services.providers.get_impact(&call.actor, id).await)
}

/// Reads the discovery document again and compares it; stores nothing.
#[server(prefix = "/_ui/fn", endpoint = "providers/preview-rediscovery", protocol = JsonPost)]
pub async fn preview_rediscovery(id: ProviderId) -> Result<RediscoveryPreview, ApiError> {
    let call = context()?;
    answer(call.services.providers.preview_rediscovery(&call.actor, id).await)
}

/// Reads the discovery document again and stores it; returns the new version.
#[server(prefix = "/_ui/fn", endpoint = "providers/rediscover", protocol = JsonPost)]
pub async fn rediscover_provider(id: ProviderId, version: i64) -> Result<i64, ApiError> {
    let call = context()?;
    answer(call.services.providers.rediscover(&call.actor, id, version).await.map(|provider| provider.version))
}
