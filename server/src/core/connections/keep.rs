//! Keeping what a test found: the record, the provider's health, and the discovery of a provider that has none.

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

use super::{Outcome, rows};
use crate::{
    core::{Core, new_uuid, providers},
    store::{Lock, providers as provider_rows},
};

/// When, why and for whom a test was made.
pub(super) struct Asked {
    pub(super) at: Timestamp,
    pub(super) trigger: TestTrigger,
    pub(super) actor: Actor,
}

impl Core {
    /// Keeps a test in one transaction. Nothing is kept of a provider that was deleted meanwhile.
    pub(super) async fn keep_test(&self, id: ProviderId, asked: Asked, outcome: Outcome) -> ServiceResult<TestReport> {
        let Asked { at, trigger, actor } = asked;
        let Outcome { report, discovery } = outcome;
        let status = report.status();
        // Users of a directory are shown to whoever asks for the test, and kept nowhere.
        let sample = report.sample.clone();
        let kept = TestReport { sample: Vec::new(), ..report };
        let record = TestRecord { id: ConnectionTestId(new_uuid()), at, trigger, by: actor.name(), report: kept };
        let settings = self.tests.settings;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let Some(stored) = provider_rows::find(conn, &ProviderRef::Id(id)).await? else {
            return Ok(TestReport { sample, ..record.report });
        };
        rows::insert(conn, id, &record).await?;
        rows::keep_newest(conn, id, settings.most_kept()).await?;
        let before = rows::find_health(conn, id, Lock::Exclusive).await?;
        // A test that began later has told more already.
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
        (self.tests.observer)(status);
        Ok(TestReport { sample, ..record.report })
    }

    /// Removes tests that are older than they are kept, and more of a provider than are kept: a provider that nobody
    /// tests any more would keep what an earlier setting allowed.
    pub(crate) async fn purge_connection_tests(&self) -> Result<(), crate::StoreError> {
        let settings = self.tests.settings;
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
