//! What is known of the database's health: transactions that were stored or failed, and the last check.
//!
//! It only remembers; the check itself is in `readiness`.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;
use vestibule_app::domain::problem::DatabaseFault;

/// Whether requests can be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    Ready,
    /// Migrations are missing.
    NotMigrated,
    /// The database cannot be used.
    Fault(DatabaseFault),
    /// The database refuses what it should not; the log has the error.
    Failing,
}

/// What is known of the database.
#[derive(Debug, Default)]
pub(super) struct Health {
    pub(super) last: tokio::sync::Mutex<Option<Checked>>,
    stored: AtomicU64,
    failed: AtomicU64,
}

/// A check that was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Checked {
    pub(super) at: Instant,
    pub(super) readiness: Readiness,
    /// [`Health::stored`] after it.
    pub(super) stored: u64,
    /// [`Health::failed`] after it.
    pub(super) failed: u64,
}

impl Health {
    /// Counts a transaction that was stored, or was not.
    pub(super) fn record(&self, is_stored: bool) {
        let counter = if is_stored { &self.stored } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How many transactions were stored.
    pub(super) fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// How many did not begin, or were not stored.
    pub(super) fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Remembers a check, and logs its answer when it differs from the one before.
    pub(super) fn note(&self, last: &mut Option<Checked>, readiness: Readiness) {
        if last.is_none_or(|before| before.readiness != readiness) {
            match readiness {
                Readiness::Ready if last.is_none() => {}
                Readiness::Ready => tracing::info!("the database can be used again"),
                other => tracing::warn!(reason = ?other, "the database cannot serve requests"),
            }
        }
        *last = Some(Checked { at: Instant::now(), readiness, stored: self.stored(), failed: self.failed() });
    }
}
