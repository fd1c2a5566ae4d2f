//! Removes what is kept of attempts no longer: first what the claims say, later the whole attempt.

use std::sync::Arc;

use vestibule_app::domain::timestamp::Timestamp;

use super::log::AttemptLog;
use crate::{
    clock::Clock,
    core::batches::Batch,
    store::{Store, StoreResult, sign_in::attempts as rows},
};

/// How many attempts are kept in which no provider authenticated a person, by what stands behind them: anybody can cause
/// them. Opened addresses do not displace browsers that came back.
const KEPT: [(&str, u32); 2] = [(rows::ADDRESS, 100_000), (rows::START, 100_000)];

/// How long attempts are kept, in days; 0 keeps them forever.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttemptRetention {
    pub(crate) attempt_days: u32,
    /// For what the claims say, and what tests found out.
    pub(crate) claims_days: u32,
}

/// Writes what is queued, and removes what is old.
pub(crate) struct AttemptPurge {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) log: AttemptLog,
    pub(in crate::core) retention: AttemptRetention,
}

impl AttemptPurge {
    /// Writes everything that was recorded before.
    pub(crate) async fn flush(&self) {
        self.log.flush().await;
    }

    /// Removes what is old, in batches that do not keep others from writing.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        let AttemptRetention { attempt_days, claims_days } = self.retention;
        let before = |days: u32| (days > 0).then(|| self.clock.now().plus_seconds(-i64::from(days) * 24 * 60 * 60));
        let mut removals =
            vec![before(claims_days).map(Removal::ClaimsBefore), before(attempt_days).map(Removal::Before)];
        for (evidence, kept) in KEPT {
            let bound = rows::find_bound(&mut self.store.read().await?.conn(), evidence, kept).await?;
            removals.push(bound.map(|moment| Removal::Until(evidence, moment)));
        }
        for removal in removals.into_iter().flatten() {
            self.remove(removal).await?;
        }
        Ok(())
    }

    async fn remove(&self, removal: Removal) -> StoreResult<()> {
        let mut batch = Batch::new();
        loop {
            let mut tx = self.store.begin_long().await?;
            let conn = &mut tx.conn();
            let rows = batch.rows();
            let changed = match removal {
                Removal::ClaimsBefore(moment) => rows::clear_claims_before(conn, moment, rows).await?,
                Removal::Before(moment) => rows::purge_before(conn, moment, rows).await?,
                Removal::Until(evidence, moment) => rows::purge_until(conn, evidence, moment, rows).await?,
            };
            tx.commit().await?;
            if !batch.goes_on(changed).await {
                return Ok(());
            }
        }
    }
}

/// What is removed: of attempts that began before a moment, or until it.
#[derive(Clone, Copy)]
enum Removal {
    ClaimsBefore(Timestamp),
    Before(Timestamp),
    /// With so little evidence.
    Until(&'static str, Timestamp),
}
