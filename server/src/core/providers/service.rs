//! The service: hands each call to the operation that it is for.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        id::ProviderId,
        page::{Page, PageRequest},
        provider::{
            IdentityProvider, NewProvider, ProviderFilter, ProviderPatch, ProviderSort, ProviderSummary, ReservedSlugs,
            detail::{Impact, ProviderDetail, RediscoveryPreview},
        },
    },
    service::{ProviderRef, Providers, ServiceResult, UpdateOptions},
};

use super::{
    ProviderSecrets, create::ProviderCreation, delete::ProviderDeletion, list::ProviderLists,
    rediscover::ProviderRediscovery, save::ProviderSave, update::ProviderUpdate, view::ProviderView,
};
use crate::{
    clock::Clock,
    core::{outbound_limit::OutboundLimit, public_address::PublicAddress, running::Running, totals::Totals},
    protocol::http::OutboundClient,
    store::{Store, Work},
};

/// Manages identity providers: each operation is a part of its own, with what it may use.
pub(in crate::core) struct ProviderService {
    lists: ProviderLists,
    view: ProviderView,
    creation: ProviderCreation,
    update: ProviderUpdate,
    deletion: ProviderDeletion,
    rediscovery: ProviderRediscovery,
}

/// What the operations use together.
pub(in crate::core) struct ProviderParts {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) outbound: OutboundClient,
    pub(in crate::core) limit: OutboundLimit,
    pub(in crate::core) secrets: ProviderSecrets,
    pub(in crate::core) totals: Totals,
    pub(in crate::core) running: Arc<Running>,
    pub(in crate::core) address: PublicAddress,
    pub(in crate::core) reserved_slugs: ReservedSlugs,
}

impl ProviderService {
    /// Gives each operation what it may use.
    pub(in crate::core) fn new(parts: ProviderParts) -> Self {
        let ProviderParts { store, clock, outbound, limit, secrets, totals, running, address, reserved_slugs } = parts;
        let store = store.for_work(Work::Providers);
        let save = ProviderSave {
            store: store.clone(),
            clock: clock.clone(),
            secrets: secrets.clone(),
            totals: totals.clone(),
            running: running.clone(),
        };
        Self {
            lists: ProviderLists { store: store.clone(), secrets: secrets.clone(), totals: totals.clone() },
            view: ProviderView { store: store.clone(), secrets: secrets.clone(), address },
            creation: ProviderCreation {
                store: store.clone(),
                clock: clock.clone(),
                outbound: outbound.clone(),
                secrets: secrets.clone(),
                totals: totals.clone(),
                reserved_slugs,
            },
            update: ProviderUpdate {
                store: store.clone(),
                clock: clock.clone(),
                outbound: outbound.clone(),
                secrets: secrets.clone(),
                save: save.clone(),
            },
            deletion: ProviderDeletion {
                store: store.for_work(Work::ProviderDeletion),
                clock: clock.clone(),
                totals,
                running,
            },
            rediscovery: ProviderRediscovery { store, clock, outbound, limit, secrets, save },
        }
    }
}

#[async_trait]
impl Providers for ProviderService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.list")]
    async fn list(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        sort: ProviderSort,
        page: PageRequest,
    ) -> ServiceResult<Page<ProviderSummary>> {
        self.lists.list_summaries(actor, filter, sort, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.list_platform_oidc")]
    async fn list_platform_oidc(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<IdentityProvider>> {
        self.lists.list_platform_oidc(actor, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.list_with_settings")]
    async fn list_with_settings(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        self.lists.list_with_settings(actor, filter, page).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.look_up")]
    async fn look_up(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        self.view.look_up(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get")]
    async fn get(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        self.view.get(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get_detail")]
    async fn get_detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail> {
        self.view.get_detail(actor, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.create")]
    async fn create(&self, actor: &Actor, new: NewProvider) -> ServiceResult<IdentityProvider> {
        self.creation.create(actor, new).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.check_new")]
    async fn check_new(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<()> {
        self.creation.check(actor, new).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.update")]
    async fn update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider> {
        self.update.update(actor, provider, patch, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.check_update")]
    async fn check_update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        self.update.check(actor, provider, patch, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.delete")]
    async fn delete(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<()> {
        self.deletion.delete(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get_impact")]
    async fn get_impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact> {
        self.view.get_impact(actor, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.count_links_to_move")]
    async fn count_links_to_move(&self, actor: &Actor, id: ProviderId, user_claim: &str) -> ServiceResult<u64> {
        self.view.count_links_to_move(actor, id, user_claim).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.preview_rediscovery")]
    async fn preview_rediscovery(&self, actor: &Actor, id: ProviderId) -> ServiceResult<RediscoveryPreview> {
        self.rediscovery.preview(actor, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.rediscover")]
    async fn rediscover(
        &self,
        actor: &Actor,
        id: ProviderId,
        expected_version: i64,
    ) -> ServiceResult<IdentityProvider> {
        self.rediscovery.rediscover(actor, id, expected_version).await
    }
}
