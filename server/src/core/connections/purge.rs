//! Removes old tests.

use std::sync::Arc;

use super::ConnectionTests;
use crate::{
    clock::Clock,
    store::{Store, StoreResult, connection_tests as rows},
};

/// Removes old tests.
#[derive(Clone)]
pub(crate) struct TestPurge {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: ConnectionTests,
}

impl TestPurge {
    /// Removes tests that are older than the retention, and those beyond the number that is kept of a provider: a
    /// provider that is not tested any more would keep the number of an earlier setting.
    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        let Self { store, clock, settings } = self;
        let mut tx = store.begin_long().await?;
        let conn = &mut tx.conn();
        let mut removed = rows::keep_newest_of_all(conn, settings.most_kept()).await?;
        if settings.retention_days > 0 {
            let before = clock.now().plus_seconds(-i64::from(settings.retention_days) * 24 * 60 * 60);
            removed += rows::purge_before(conn, before).await?;
        }
        tx.commit().await?;
        if removed > 0 {
            tracing::info!(removed, "removed old connection tests");
        }
        Ok(())
    }
}
