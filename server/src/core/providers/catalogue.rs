//! The providers that callers without a credential may see. It does not open secrets.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::IdentityProvider,
    },
    service::{Catalogue, ProviderRef, ServiceResult},
};

use super::WHAT;
use crate::{
    core::totals::{ListKey, Totals},
    store::{Store, providers as rows},
};

/// Lists the enabled platform-wide OpenID providers for callers without a credential.
pub(in crate::core) struct CatalogueService {
    pub(in crate::core) store: Store,
    pub(in crate::core) totals: Totals,
}

#[async_trait]
impl Catalogue for CatalogueService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.catalogue.list")]
    async fn list(&self, page: PageRequest) -> ServiceResult<Page<IdentityProvider>> {
        let mut read = self.store.read().await?;
        let items = rows::list_catalogue(&mut read.conn(), page).await?;
        let total = async { Ok(rows::count_platform_oidc(&mut read.conn(), true).await?) };
        let total = self.totals.get(ListKey::Catalogue, total).await?;
        Ok(Page { items: items.into_iter().map(|stored| stored.provider).collect(), total })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.catalogue.get")]
    async fn get(&self, slug: &str) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let found = rows::find(&mut read.conn(), &ProviderRef::PlatformOidc(slug.to_owned())).await?;
        let enabled = found.map(|stored| stored.provider).filter(|provider| provider.enabled);
        enabled.ok_or_else(|| ServiceError::not_found(WHAT))
    }
}
