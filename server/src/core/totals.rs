//! Caches the totals of lists: counting 100,000 rows costs more than reading a page of them.

use std::{future::Future, time::Duration};

use moka::future::Cache;
use vestibule_app::service::ServiceResult;

use crate::store::providers::Scope;

/// The list that a total belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ListKey {
    /// By filter and by the caller's reach, in any order.
    Summaries(Scope),
    /// All platform-wide OpenID providers.
    PlatformOidc,
    /// The enabled platform-wide OpenID providers.
    Catalogue,
}

/// Keeps totals until this node writes, and for at most five seconds, since other nodes write too. Clones share them.
#[derive(Clone)]
pub(super) struct Totals {
    cache: Cache<ListKey, u64>,
}

impl Default for Totals {
    fn default() -> Self {
        Self { cache: Cache::builder().max_capacity(1000).time_to_live(Duration::from_secs(5)).build() }
    }
}

impl Totals {
    pub(super) async fn get(
        &self,
        key: ListKey,
        count: impl Future<Output = ServiceResult<u64>>,
    ) -> ServiceResult<u64> {
        if let Some(total) = self.cache.get(&key).await {
            return Ok(total);
        }
        let total = count.await?;
        self.cache.insert(key, total).await;
        Ok(total)
    }

    /// Drops every total, after a write.
    pub(super) fn forget(&self) {
        self.cache.invalidate_all();
    }
}
