//! Stores a test: its record, the provider's health, and the discovery of a provider that has none.

use std::sync::Arc;

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

use super::{ConnectionTests, observer::TestObserver, subject::TestOutcome};
use crate::{
    clock::Clock,
    core::{new_uuid, providers},
    store::{Lock, Store, connection_tests as rows, providers as provider_rows},
};

/// When, why and for whom a test runs.
pub(super) struct TestRequest {
    pub(super) at: Timestamp,
    pub(super) trigger: TestTrigger,
    pub(super) actor: Actor,
}

/// Stores tests.
#[derive(Clone)]
pub(super) struct TestSave {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: ConnectionTests,
    pub(super) observer: TestObserver,
}

impl TestSave {
    /// Stores a test in one transaction; nothing when the provider was deleted meanwhile.
    pub(super) async fn keep(
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
        let Self { store, clock, settings, observer } = self;
        let mut tx = store.begin().await?;
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
            rows::postpone(conn, id, settings.next_test(at)).await?;
        }
        if let Some(report) = discovery.filter(|_| record.report.success()) {
            let found = LastDiscovery { at, report };
            providers::keep_first_discovery(conn, &actor, clock.now(), stored, found).await?;
        }
        tx.commit().await?;
        observer(status);
        Ok(TestReport { sample, ..record.report })
    }
}
