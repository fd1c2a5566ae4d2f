//! The service: reads providers, and hands each write to the file of its operation.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Owner, Permission},
        id::ProviderId,
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::{
            IdentityProvider, NewProvider, ProviderFilter, ProviderPatch, ProviderSort, ProviderSummary,
            detail::{Impact, ProviderDetail, RediscoveryPreview},
        },
    },
    service::{ProviderRef, Providers, ServiceResult, UpdateOptions},
};

use super::{ProviderSecrets, WHAT, get_for, secrets};
use crate::{
    clock::Clock,
    core::{
        outbound_limit::OutboundLimit,
        permission::{RowOwner, require, require_anywhere, require_somewhere},
        public_address::PublicAddress,
        running::Running,
        totals::{ListKey, Totals},
    },
    protocol::http::OutboundClient,
    store::{
        Lock, Store, assignments, connection_tests, group_mappings,
        providers::{self as rows, Listing, Scope},
        tenants,
    },
};

/// Manages identity providers.
pub(in crate::core) struct ProviderService {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    /// Reads discovery documents.
    pub(in crate::core) outbound: OutboundClient,
    pub(in crate::core) limit: OutboundLimit,
    pub(in crate::core) secrets: ProviderSecrets,
    pub(in crate::core) totals: Totals,
    /// A synchronisation ends when its provider is disabled or deleted.
    pub(in crate::core) running: Arc<Running>,
    pub(in crate::core) address: PublicAddress,
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
        require_anywhere(actor, Permission::ListProviders)?;
        let scope = Scope { reach: actor.reach(), filter: filter.clone() };
        let mut read = self.store.read().await?;
        let listing = Listing::prepare(&mut read.conn(), &scope).await?;
        let items = listing.summaries(&mut read.conn(), sort, page).await?;
        let total = async { Ok(listing.count(&mut read.conn()).await?) };
        let total = self.totals.get(ListKey::Summaries(scope), total).await?;
        Ok(Page { items, total })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.list_platform_oidc")]
    async fn list_platform_oidc(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<IdentityProvider>> {
        require(actor, Permission::RevealSecrets, Owner::Platform, WHAT)?;
        let mut read = self.store.read().await?;
        let stored = rows::list_platform_oidc(&mut read.conn(), page).await?;
        let total = async { Ok(rows::count_platform_oidc(&mut read.conn(), false).await?) };
        let total = self.totals.get(ListKey::PlatformOidc, total).await?;
        // A provider whose secret does not open does not fail the page.
        Ok(Page { items: stored.into_iter().map(|stored| self.secrets.open(stored)).collect(), total })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.list_with_settings")]
    async fn list_with_settings(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        require_anywhere(actor, Permission::ListProviders)?;
        let scope = Scope { reach: actor.reach(), filter: filter.clone() };
        let mut read = self.store.read().await?;
        let listing = Listing::prepare(&mut read.conn(), &scope).await?;
        let stored = listing.by_creation(&mut read.conn(), page).await?;
        let total = async { Ok(listing.count(&mut read.conn()).await?) };
        let total = self.totals.get(ListKey::Summaries(scope), total).await?;
        Ok(Page { items: stored.into_iter().map(|stored| self.secrets.keep_sealed(stored)).collect(), total })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.look_up")]
    async fn look_up(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        require_somewhere(actor, Permission::LookUpProvider)?;
        let stored = rows::find(conn, provider).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let owned = RowOwner::load(conn, stored.provider.owner).await?;
        match require(actor, Permission::LookUpProvider, owned.owner(), WHAT) {
            // Another tenant's, but linked to a tenant within reach.
            Err(ServiceError::NotFound { .. })
                if assignments::is_within(conn, stored.provider.id, &actor.reach()).await? =>
            {
                Ok(stored.provider)
            }
            decided => decided.map(|()| stored.provider),
        }
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get")]
    async fn get(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let stored = get_for(&mut read.conn(), actor, Permission::ViewProvider, provider).await?;
        let may_see = actor.decide(Permission::RevealSecrets, Owner::Platform) == Decision::Allowed;
        Ok(if may_see { self.secrets.open(stored) } else { self.secrets.keep_sealed(stored) })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get_detail")]
    async fn detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let stored = get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(id)).await?;
        let owner_name = match stored.provider.owner {
            Some(tenant) => tenants::find(conn, tenant).await?.map(|tenant| tenant.name),
            None => None,
        };
        let is_stored = secrets::is_stored(&stored.provider);
        let changed_by = Some(stored.changed_by.clone());
        let provider = self.secrets.keep_sealed(stored);
        Ok(ProviderDetail {
            callback_url: self.address.callback_url(id),
            discovery: rows::find_discovery(conn, id).await?,
            health: connection_tests::find_health(conn, id, Lock::None).await?,
            changed_by,
            owner_name,
            has_lost_secret: is_stored && !secrets::is_stored(&provider),
            provider,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.create")]
    async fn create(&self, actor: &Actor, new: NewProvider) -> ServiceResult<IdentityProvider> {
        self.create_provider(actor, new).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.check_new")]
    async fn check_new(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<()> {
        self.settle_owner_and_slug(actor, new).await.map(drop)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.update")]
    async fn update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider> {
        self.update_provider(actor, provider, patch, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.check_update")]
    async fn check_update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        let (before, _) = self.get_for_change(actor, provider, options.expected_version).await?;
        let mut patch = patch.clone();
        patch.assign_label(&before.provider);
        self.check_change(&before.provider, &patch, options).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.delete")]
    async fn delete(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<()> {
        self.delete_provider(actor, provider).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.get_impact")]
    async fn impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_for(conn, actor, Permission::ManageProviders, &ProviderRef::Id(id)).await?;
        Ok(Impact {
            tenants: rows::count_tenants(conn, id).await?,
            group_mappings: group_mappings::count_of_provider(conn, id).await?,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.preview_rediscovery")]
    async fn preview_rediscovery(&self, actor: &Actor, id: ProviderId) -> ServiceResult<RediscoveryPreview> {
        self.preview_provider_rediscovery(actor, id).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.provider.rediscover")]
    async fn rediscover(
        &self,
        actor: &Actor,
        id: ProviderId,
        expected_version: i64,
    ) -> ServiceResult<IdentityProvider> {
        self.rediscover_provider(actor, id, expected_version).await
    }
}
