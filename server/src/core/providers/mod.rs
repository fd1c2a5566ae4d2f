//! Managing identity providers.

mod apply;
mod catalogue;
mod changes;
mod create;
mod delete;
mod first_discovery;
mod ldap;
mod lost;
mod read;
mod rediscover;
mod saml;
mod secrets;
mod update;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        id::ProviderId,
        page::{Page, PageRequest},
        provider::{
            IdentityProvider, NewProvider, ProviderFilter, ProviderPatch, ProviderSort, ProviderSummary,
            detail::{Impact, ProviderDetail, RediscoveryPreview},
        },
    },
    service::{ProviderRef, Providers, ServiceResult, UpdateOptions},
};

use super::Core;

pub(super) use {
    first_discovery::keep_first_discovery,
    ldap::{PASSWORD_AGAIN, leads_elsewhere, problems as directory_problems},
    lost::open_secrets,
    read::find_for,
    secrets::reseal,
};

/// The noun of "not found" and "changed meanwhile".
pub(super) const WHAT: &str = "identity provider";

/// Each operation stands in a file of its own; this lists them.
#[async_trait]
impl Providers for Core {
    async fn list(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        sort: ProviderSort,
        page: PageRequest,
    ) -> ServiceResult<Page<ProviderSummary>> {
        self.list_providers(actor, filter, sort, page).await
    }

    async fn list_platform_oidc(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<IdentityProvider>> {
        self.list_whole_providers(actor, page).await
    }

    async fn list_whole(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        self.list_providers_whole(actor, filter, page).await
    }

    async fn look_up(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        self.look_up_provider(actor, provider).await
    }

    async fn get(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        self.get_provider(actor, provider).await
    }

    async fn detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail> {
        self.provider_detail(actor, id).await
    }

    async fn create(&self, actor: &Actor, new: NewProvider) -> ServiceResult<IdentityProvider> {
        self.create_provider(actor, new).await
    }

    async fn check_new(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<()> {
        self.settle_owner_and_slug(actor, new).await.map(drop)
    }

    async fn update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider> {
        self.update_provider(actor, provider, patch, options).await
    }

    async fn check_update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        let (before, _) = self.load_for_change(actor, provider, options.expected_version).await?;
        self.check_change(&before.provider, patch, options).await
    }

    async fn delete(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<()> {
        self.delete_provider(actor, provider).await
    }

    async fn impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact> {
        self.provider_impact(actor, id).await
    }

    async fn preview_rediscovery(&self, actor: &Actor, id: ProviderId) -> ServiceResult<RediscoveryPreview> {
        self.preview_provider_rediscovery(actor, id).await
    }

    async fn rediscover(
        &self,
        actor: &Actor,
        id: ProviderId,
        expected_version: i64,
    ) -> ServiceResult<IdentityProvider> {
        self.rediscover_provider(actor, id, expected_version).await
    }
}
