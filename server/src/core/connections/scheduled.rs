//! Tests the providers that are due, a few at a time.
//!
//! Nodes share the schedule through a table. A node claims a provider by moving the time of its next test, which only
//! one node succeeds in. When a node dies, others test its providers after [`CLAIM_SECONDS`].

use std::{collections::VecDeque, sync::Arc};

use tokio::task::JoinSet;
use vestibule_app::{
    domain::{connection::TestTrigger, id::ProviderId},
    service::{ProviderRef, ServiceResult},
};

use super::{ConnectionTests, keep::TestRequest, stored::StoredTest};
use crate::{
    clock::Clock,
    core::{permission::scheduler, providers::ProviderSecrets},
    store::{Store, connection_tests as rows, providers as provider_rows},
    trace_context,
};

/// How many providers are claimed at once, so that memory does not grow with their number.
const PAGE: u32 = 50;

/// How long a claim lasts: longer than a page of hanging providers takes.
const CLAIM_SECONDS: i64 = 15 * 60;

/// Tests providers on schedule. Clones run single tests.
#[derive(Clone)]
pub(crate) struct ScheduledTests {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) secrets: ProviderSecrets,
    pub(super) settings: ConnectionTests,
    pub(super) stored: StoredTest,
}

impl ScheduledTests {
    /// Minutes between two scheduled tests of a provider; 0 for none.
    pub(crate) const fn interval_minutes(&self) -> u32 {
        self.settings.interval_minutes
    }

    /// Tests every provider that is due, a few at a time, and returns how many. Failures of single tests are logged.
    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test_due")]
    pub(crate) async fn test_due(&self) -> ServiceResult<u64> {
        let at_once = usize::try_from(self.settings.concurrency.max(1)).unwrap_or(1);
        let mut tested = 0;
        let mut running = JoinSet::new();
        loop {
            let mut claimed = self.claim_due().await?;
            if claimed.is_empty() {
                break;
            }
            while let Some(id) = claimed.pop_front() {
                if running.len() >= at_once {
                    running.join_next().await;
                }
                let tests = self.clone();
                running.spawn(trace_context::carried(async move { tests.test_on_schedule(id).await }));
                tested += 1;
            }
        }
        while running.join_next().await.is_some() {}
        Ok(tested)
    }

    /// Claims a page of providers that are due.
    async fn claim_due(&self) -> ServiceResult<VecDeque<ProviderId>> {
        let now = self.clock.now();
        let latest = now.plus_seconds(self.settings.interval_seconds() + CLAIM_SECONDS);
        let mut due = {
            let mut read = self.store.read().await?;
            rows::list_due(&mut read.conn(), now, latest, PAGE).await?
        };
        // In one order on all nodes, so that they cannot deadlock.
        due.sort_unstable();
        let mut claimed = VecDeque::new();
        if due.is_empty() {
            return Ok(claimed);
        }
        let mut tx = self.store.begin().await?;
        for (id, seen) in due {
            if rows::claim(&mut tx.conn(), id, seen, now.plus_seconds(CLAIM_SECONDS)).await? {
                claimed.push_back(id);
            }
        }
        tx.commit().await?;
        Ok(claimed)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.connection.test_on_schedule", fields(provider = %id))]
    async fn test_on_schedule(&self, id: ProviderId) {
        let test = async {
            let found = {
                let mut read = self.store.read().await?;
                provider_rows::find(&mut read.conn(), &ProviderRef::Id(id)).await?
            };
            // Deleted or disabled while it waited.
            let Some(stored) = found.filter(|stored| stored.provider.enabled) else { return Ok(()) };
            let request = TestRequest { at: self.clock.now(), trigger: TestTrigger::Scheduled, actor: scheduler() };
            self.stored.test_and_keep(self.secrets.keep_sealed(stored), request, None).await.map(drop)
        };
        let tested: ServiceResult<()> = test.await;
        if let Err(error) = tested {
            tracing::warn!(%error, provider = %id, "could not keep a scheduled connection test");
        }
    }
}
