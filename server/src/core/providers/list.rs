//! Lists providers, as far as the caller may see them.

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        page::{Page, PageRequest},
        provider::{IdentityProvider, ProviderFilter, ProviderSort, ProviderSummary},
    },
    service::ServiceResult,
};

use super::{ProviderSecrets, WHAT};
use crate::{
    core::{
        permission::{require, require_anywhere},
        totals::{ListKey, Totals},
    },
    store::{
        Store,
        providers::{self as rows, Listing, Scope},
    },
};

/// Lists providers.
pub(super) struct ProviderLists {
    pub(super) store: Store,
    pub(super) secrets: ProviderSecrets,
    pub(super) totals: Totals,
}

impl ProviderLists {
    pub(super) async fn list_summaries(
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
        let items = listing.list_summaries(&mut read.conn(), sort, page).await?;
        let total = async { Ok(listing.count(&mut read.conn()).await?) };
        let total = self.totals.get(ListKey::Summaries(scope), total).await?;
        Ok(Page { items, total })
    }

    pub(super) async fn list_platform_oidc(
        &self,
        actor: &Actor,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        require(actor, Permission::RevealSecrets, Owner::Platform, WHAT)?;
        let mut read = self.store.read().await?;
        let stored = rows::list_platform_oidc(&mut read.conn(), page).await?;
        let total = async { Ok(rows::count_platform_oidc(&mut read.conn(), false).await?) };
        let total = self.totals.get(ListKey::PlatformOidc, total).await?;
        // A provider whose secret does not open does not fail the page.
        Ok(Page { items: stored.into_iter().map(|stored| self.secrets.open(stored)).collect(), total })
    }

    pub(super) async fn list_with_settings(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>> {
        require_anywhere(actor, Permission::ListProviders)?;
        let scope = Scope { reach: actor.reach(), filter: filter.clone() };
        let mut read = self.store.read().await?;
        let listing = Listing::prepare(&mut read.conn(), &scope).await?;
        let stored = listing.list_by_creation(&mut read.conn(), page).await?;
        let total = async { Ok(listing.count(&mut read.conn()).await?) };
        let total = self.totals.get(ListKey::Summaries(scope), total).await?;
        Ok(Page { items: stored.into_iter().map(|stored| self.secrets.keep_sealed(stored)).collect(), total })
    }
}
