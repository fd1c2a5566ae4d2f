//! Whether requests can be served: the database answers, has every migration, and stores.
//!
//! That something can be stored only storing shows: a transaction that is rolled back never reaches the disk. So the
//! check writes, seldom enough to be no load, and those who ask at the same time share the answer.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::time::{Instant, timeout};
use vestibule_app::domain::problem::DatabaseFault;

use super::{Store, StoreError, StoreResult, settings};

/// Whether requests can be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// They can.
    Ready,
    /// Migrations are missing.
    NotMigrated,
    /// The database cannot be used.
    Fault(DatabaseFault),
    /// The database refuses what it should not; the log says what.
    Failing,
}

/// How long a check may take.
const LIMIT: Duration = Duration::from_millis(1900);

/// For how long an answer holds.
const FRESH: Duration = Duration::from_secs(2);

/// The name of the value that is written.
const NAME: &str = "write_check";

/// How much is written to an SQLite file: about what a request writes, so that it needs room where a request would.
const SQLITE_BYTES: usize = 32 * 1024;

/// What is known of the database.
#[derive(Debug, Default)]
pub(super) struct Health {
    last: tokio::sync::Mutex<Option<Checked>>,
    /// How many transactions were stored.
    stored: AtomicU64,
    /// How many did not begin, or were not stored.
    failed: AtomicU64,
}

#[derive(Debug, Clone, Copy)]
struct Checked {
    at: Instant,
    readiness: Readiness,
    stored: u64,
    failed: u64,
}

impl Health {
    /// Takes note of a transaction that was stored, or was not.
    pub(super) fn heard(&self, is_stored: bool) {
        let counter = if is_stored { &self.stored } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Checks, unless somebody did a moment ago and nothing contradicts the answer since.
    pub(super) async fn check(&self, store: &Store) -> Readiness {
        let stored = self.stored.load(Ordering::Relaxed);
        if let Ok(readiness) = timeout(LIMIT, self.look(store)).await {
            return readiness;
        }
        // A check that had no turn because others had theirs says nothing against the database.
        let is_storing = self.stored.load(Ordering::Relaxed) != stored;
        let readiness = if is_storing { Readiness::Ready } else { Readiness::Fault(store.why_waiting()) };
        if let Ok(mut last) = self.last.try_lock() {
            self.note(&mut last, readiness);
        }
        readiness
    }

    async fn look(&self, store: &Store) -> Readiness {
        let mut last = self.last.lock().await;
        let (stored, failed) = (self.stored.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
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
        let readiness = match look(store).await {
            Readiness::Fault(DatabaseFault::Busy | DatabaseFault::Locked)
                if self.stored.load(Ordering::Relaxed) != stored =>
            {
                Readiness::Ready
            }
            readiness => readiness,
        };
        self.note(&mut last, readiness);
        readiness
    }

    /// Remembers an answer, and logs it when it is another one than before.
    fn note(&self, last: &mut Option<Checked>, readiness: Readiness) {
        if last.is_none_or(|before| before.readiness != readiness) {
            match readiness {
                Readiness::Ready if last.is_none() => {}
                Readiness::Ready => tracing::info!("the database can be used again"),
                other => tracing::warn!(reason = ?other, "the database cannot serve requests"),
            }
        }
        let (stored, failed) = (self.stored.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        *last = Some(Checked { at: Instant::now(), readiness, stored, failed });
    }
}

async fn look(store: &Store) -> Readiness {
    let looked = async {
        if !store.is_migrated().await? {
            return Ok(Readiness::NotMigrated);
        }
        write(store).await?;
        Ok(Readiness::Ready)
    };
    looked.await.unwrap_or_else(|error: StoreError| match error.fault() {
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
