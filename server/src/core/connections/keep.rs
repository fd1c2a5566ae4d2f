//! Stores a test: its record, the provider's health, and the discovery of a provider that has none.

use vestibule_app::{
    domain::{
        actor::Actor,
        connection::{Health, TestRecord, TestReport, TestTrigger},
        id::{ConnectionTestId, ProviderId},
        provider::detail::LastDiscovery,
        timestamp::Timestamp,
    },
    service::{ProviderRef, ServiceResult},
};

use super::{ConnectionService, subject::TestOutcome};
use crate::{
    core::{new_uuid, providers},
    store::{Lock, StoreResult, connection_tests as rows, providers as provider_rows},
};

/// When, why and for whom a test runs.
pub(super) struct TestRequest {
    pub(super) at: Timestamp,
    pub(super) trigger: TestTrigger,
    pub(super) actor: Actor,
}

impl ConnectionService {
    /// Stores a test in one transaction; nothing when the provider was deleted meanwhile.
    pub(super) async fn keep_test(
        &self,
        id: ProviderId,
        request: TestRequest,
        outcome: TestOutcome,
    ) -> ServiceResult<TestReport> {
        let TestRequest { at, trigger, actor } = request;
        let TestOutcome { report, discovery } = outcome;
        let status = report.status();
        // Users of a directory are shown to the caller who requested the test, and not kept.
        let sample = report.sample.clone();
        let kept = TestReport { sample: Vec::new(), ..report };
        let record = TestRecord { id: ConnectionTestId(new_uuid()), at, trigger, by: actor.name(), report: kept };
        let settings = self.settings;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let Some(stored) = provider_rows::find(conn, &ProviderRef::Id(id)).await? else {
            return Ok(TestReport { sample, ..record.report });
        };
        rows::insert(conn, id, &record).await?;
        rows::keep_newest(conn, id, settings.most_kept()).await?;
        let before = rows::find_health(conn, id, Lock::Exclusive).await?;
        // A test that began later is more recent.
        if before.is_none_or(|health| health.tested_at <= at) {
            rows::put_health(conn, id, Health::after(before, status, at)).await?;
        }
        if settings.interval_minutes > 0 {
            rows::postpone(conn, id, self.next_test(at)).await?;
        }
        if let Some(report) = discovery.filter(|_| record.report.success()) {
            let found = LastDiscovery { at, report };
            providers::keep_first_discovery(conn, &actor, self.clock.now(), stored, found).await?;
        }
        tx.commit().await?;
        (self.observer)(status);
        Ok(TestReport { sample, ..record.report })
    }

    /// Removes tests that are older than the retention, and those beyond the number that is kept of a provider: a
    /// provider that is not tested any more would keep the number of an earlier setting.
    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        let settings = self.settings;
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        let mut removed = rows::keep_newest_of_all(conn, settings.most_kept()).await?;
        if settings.retention_days > 0 {
            let before = self.clock.now().plus_seconds(-i64::from(settings.retention_days) * 24 * 60 * 60);
            removed += rows::purge_before(conn, before).await?;
        }
        tx.commit().await?;
        if removed > 0 {
            tracing::info!(removed, "removed old connection tests");
        }
        Ok(())
    }
}
