//! Removes many rows without keeping others from writing: in transactions of few rows each, with time between them.

use std::time::Duration;

/// How many rows a transaction removes.
pub(super) const BATCH: u32 = 500;

/// How long others have between two transactions. On SQLite another process does not queue for the file, it tries again.
const PAUSE: Duration = Duration::from_millis(5);

/// Whether a transaction that removed so many rows may have left some; if so, waits before the next one.
pub(super) async fn goes_on(removed: u64) -> bool {
    let goes_on = removed >= u64::from(BATCH);
    if goes_on {
        tokio::time::sleep(PAUSE).await;
    }
    goes_on
}
