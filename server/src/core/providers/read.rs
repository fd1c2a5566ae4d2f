//! Reading providers.

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Owner, Permission},
        id::ProviderId,
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::{
            IdentityProvider, ProviderFilter, ProviderSort, ProviderSummary,
            detail::{Impact, ProviderDetail},
        },
    },
    service::{ProviderRef, ServiceResult},
};

use super::{WHAT, secrets};
use crate::{
    core::{Core, OwnedBy, require, require_anywhere, require_somewhere, totals::ListKey},
    store::{
        Conn, Lock, assignments, connection_tests, group_mappings,
        providers::{self as rows, Listing, Scope, StoredProvider},
        tenants,
    },
};

/// Finds a provider and checks that the caller may do this to it. Nothing is found for callers it is hidden from.
pub(in crate::core) async fn find_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    provider: &ProviderRef,
) -> ServiceResult<StoredProvider> {
    require_somewhere(actor, permission)?;
    let stored = rows::find(conn, provider).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    let owned = OwnedBy::load(conn, stored.provider.owner).await?;
    require(actor, permission, owned.owner(), WHAT)?;
    Ok(stored)
}

impl Core {
    pub(super) async fn list_providers(
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

    pub(super) async fn list_providers_whole(
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
        Ok(Page { items: stored.into_iter().map(|stored| self.shown(stored)).collect(), total })
    }

    pub(super) async fn list_whole_providers(
        &self,
        actor: &Actor,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        require(actor, Permission::RevealSecrets, Owner::Platform, WHAT)?;
        let mut read = self.store.read().await?;
        let stored = rows::list_platform_oidc(&mut read.conn(), page).await?;
        let total = async { Ok(rows::count_platform_oidc(&mut read.conn(), false).await?) };
        let total = self.totals.get(ListKey::PlatformOidc, total).await?;
        // One provider whose secret does not open takes nobody else with it.
        Ok(Page { items: stored.into_iter().map(|stored| self.open_secrets(stored)).collect(), total })
    }

    pub(super) async fn get_provider(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let stored = find_for(&mut read.conn(), actor, Permission::ViewProvider, provider).await?;
        let may_see = actor.decide(Permission::RevealSecrets, Owner::Platform) == Decision::Allowed;
        Ok(if may_see { self.open_secrets(stored) } else { self.shown(stored) })
    }

    /// Tenants sign in with the platform's providers and with those that others lend them, so their administrators may
    /// look these up.
    pub(super) async fn look_up_provider(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
    ) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        require_somewhere(actor, Permission::LookUpProvider)?;
        let stored = rows::find(conn, provider).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let owned = OwnedBy::load(conn, stored.provider.owner).await?;
        match require(actor, Permission::LookUpProvider, owned.owner(), WHAT) {
            // Another tenant's, but lent to one within reach.
            Err(ServiceError::NotFound { .. })
                if assignments::is_within(conn, stored.provider.id, &actor.reach()).await? =>
            {
                Ok(stored.provider)
            }
            decided => decided.map(|()| stored.provider),
        }
    }

    pub(super) async fn provider_detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let stored = find_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(id)).await?;
        let owner_name = match stored.provider.owner {
            Some(tenant) => tenants::find(conn, tenant).await?.map(|tenant| tenant.name),
            None => None,
        };
        let is_stored = secrets::is_stored(&stored.provider);
        let changed_by = Some(stored.changed_by.clone());
        let provider = self.shown(stored);
        Ok(ProviderDetail {
            callback_url: self.callback_url(id),
            discovery: rows::find_discovery(conn, id).await?,
            health: connection_tests::find_health(conn, id, Lock::None).await?,
            changed_by,
            owner_name,
            has_lost_secret: is_stored && !secrets::is_stored(&provider),
            provider,
        })
    }

    pub(super) async fn provider_impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        find_for(conn, actor, Permission::ManageProviders, &ProviderRef::Id(id)).await?;
        Ok(Impact {
            tenants: rows::count_tenants(conn, id).await?,
            group_mappings: group_mappings::count_of_provider(conn, id).await?,
        })
    }
}
