//! Whether requests can be served: the database answers, has every migration, and stores.
//!
//! Only storing shows that something can be stored: a transaction that is rolled back never reaches the disk. So the
//! check writes, seldom enough to be no load, and concurrent callers share one answer.

use std::time::Duration;

use tokio::time::timeout;
use vestibule_app::domain::problem::DatabaseFault;

use super::{Store, StoreError, StoreResult, health::Readiness, settings};

/// How long a check may take.
const LIMIT: Duration = Duration::from_millis(1900);

/// How long an answer is reused.
const FRESH: Duration = Duration::from_secs(2);

/// The name of the value that is written.
const NAME: &str = "write_check";

/// How much is written to an SQLite file: about what a request writes, so that it needs room where a request would.
const SQLITE_BYTES: usize = 32 * 1024;

impl Store {
    /// Whether requests can be served: the database answers, has every migration, and stores. A recent answer is reused
    /// unless a transaction has contradicted it since.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.check")]
    pub(crate) async fn readiness(&self) -> Readiness {
        let health = &self.health;
        let stored = health.stored();
        if let Ok(readiness) = timeout(LIMIT, recent_or_checked(self)).await {
            return readiness;
        }
        // A check that had no turn because others had theirs says nothing against the database.
        let is_storing = health.stored() != stored;
        let readiness = if is_storing { Readiness::Ready } else { Readiness::Fault(self.why_waiting()) };
        if let Ok(mut last) = health.last.try_lock() {
            health.note(&mut last, readiness);
        }
        readiness
    }
}

async fn recent_or_checked(store: &Store) -> Readiness {
    let health = &store.health;
    let mut last = health.last.lock().await;
    let (stored, failed) = (health.stored(), health.failed());
    if let Some(before) = *last
        && before.at.elapsed() < FRESH
    {
        let is_contradicted = match before.readiness {
            Readiness::Ready => failed != before.failed,
            Readiness::NotMigrated | Readiness::Fault(_) | Readiness::Failing => stored != before.stored,
        };
        if !is_contradicted {
            return before.readiness;
        }
    }
    let readiness = match check(store).await {
        Readiness::Fault(DatabaseFault::Busy | DatabaseFault::Locked) if health.stored() != stored => Readiness::Ready,
        readiness => readiness,
    };
    health.note(&mut last, readiness);
    readiness
}

async fn check(store: &Store) -> Readiness {
    let checked = async {
        if !store.is_migrated().await? {
            return Ok(Readiness::NotMigrated);
        }
        write(store).await?;
        Ok(Readiness::Ready)
    };
    checked.await.unwrap_or_else(|error: StoreError| match error.fault() {
        Some(fault) => Readiness::Fault(fault),
        None => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "a check of the database failed");
            Readiness::Failing
        }
    })
}

async fn write(store: &Store) -> StoreResult<()> {
    let value = if store.is_postgres() { "ok".to_owned() } else { "x".repeat(SQLITE_BYTES) };
    let mut tx = store.begin().await?;
    settings::set(&mut tx.conn(), NAME, &value).await?;
    tx.commit().await?;
    if !store.is_postgres() {
        // What stays would be overwritten in place the next time, and need no room.
        let mut tx = store.begin().await?;
        settings::remove(&mut tx.conn(), NAME).await?;
        tx.commit().await?;
    }
    Ok(())
}
