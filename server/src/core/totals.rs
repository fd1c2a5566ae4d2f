//! The sizes of lists, remembered for a moment: counting 100,000 rows costs more than reading a page of them.

use std::{future::Future, time::Duration};

use moka::future::Cache;
use vestibule_app::service::ServiceResult;

use crate::store::providers::Scope;

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum ListKey {
    /// As narrowed and as far as the caller sees, in whatever order.
    Summaries(Scope),
    /// All platform-wide OpenID providers.
    PlatformOidc,
    /// The enabled ones.
    Catalogue,
}

/// Remembers totals until a write here, and at most five seconds, since other nodes write too.
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

    /// Forgets every total, after a write.
    pub(super) fn forget(&self) {
        self.cache.invalidate_all();
    }
}
