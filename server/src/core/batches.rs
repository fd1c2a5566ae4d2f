//! Removes many rows without keeping others from writing: in transactions that take a few milliseconds each, with time
//! between them.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a transaction may take. Others wait for it, on SQLite whatever they write.
const AIM: Duration = Duration::from_millis(10);

/// How long others have between two transactions. On SQLite another process does not queue for the file, it tries again.
const PAUSE: Duration = Duration::from_millis(5);

const FEWEST: u32 = 20;
const MOST: u32 = 1000;

/// How many rows the next transaction removes: as many as the time allows, judging by the one before.
pub(super) struct Batch {
    rows: u32,
    began: Instant,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self { rows: 100, began: Instant::now() }
    }

    /// The most rows to remove, in the transaction that has begun.
    pub(super) fn rows(&mut self) -> u32 {
        self.began = Instant::now();
        self.rows
    }

    /// Whether the transaction that removed so many rows may have left some; if so, waits before the next one.
    pub(super) async fn goes_on(&mut self, removed: u64) -> bool {
        if removed < u64::from(self.rows) {
            return false;
        }
        self.rows = next(self.rows, self.began.elapsed());
        sleep(PAUSE).await;
        true
    }
}

/// At most twice as many as before, since the first rows may be in the cache and the others not.
fn next(rows: u32, took: Duration) -> u32 {
    let fitting = u128::from(rows) * AIM.as_micros() / took.as_micros().max(1);
    u32::try_from(fitting).unwrap_or(MOST).min(rows * 2).clamp(FEWEST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_fit_the_time() {
        let millis = Duration::from_millis;
        assert_eq!(next(100, millis(10)), 100);
        assert_eq!(next(100, millis(40)), 25);
        assert_eq!(next(100, millis(1)), 200);
        assert_eq!(next(100, Duration::ZERO), 200);
        assert_eq!(next(800, millis(1)), MOST);
        assert_eq!(next(20, Duration::from_secs(5)), FEWEST);
    }
}
