//! How connection tests are scheduled and how long they are kept.

use vestibule_app::domain::timestamp::Timestamp;

use crate::core::random::fraction;

/// How connection tests are scheduled and how long they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionTests {
    /// Minutes between two scheduled tests of a provider; 0 for none, which is the default: a server should not call
    /// all customers' providers unless the operator wants it to.
    pub interval_minutes: u32,
    /// How many scheduled tests run at once, on each node.
    pub concurrency: u32,
    /// How many tests of each provider are kept.
    pub keep: u32,
    /// Days that tests are kept; 0 keeps them forever.
    pub retention_days: u32,
}

impl ConnectionTests {
    /// How many tests of each provider are kept: at least the last one, which its health is from.
    pub(crate) fn most_kept(self) -> u32 {
        self.keep.max(1)
    }

    /// Seconds between two scheduled tests of a provider; 0 for none.
    pub(super) fn interval_seconds(self) -> i64 {
        i64::from(self.interval_minutes) * 60
    }

    /// When a provider is due again: up to 10% sooner, so that providers spread out over time.
    pub(super) fn next_test(self, at: Timestamp) -> Timestamp {
        let interval = self.interval_seconds();
        at.plus_seconds(interval - interval / 10 * i64::from(fraction()) / 256)
    }
}

impl Default for ConnectionTests {
    fn default() -> Self {
        Self { interval_minutes: 0, concurrency: 4, keep: 100, retention_days: 90 }
    }
}
