//! A bounded queue of attempts, written in batches in the background: a sign-in never waits for its trace.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::waiting::{Waiting, WaitingAttempt};
use crate::store::{
    Store, StoreResult,
    sign_in::attempts::{self as rows, RecordedAttempt},
};

/// How many are written in one transaction.
const BATCH: usize = 100;
/// How long the first of a batch waits for others.
const DELAY: Duration = Duration::from_millis(250);
/// How often a batch that could not be written is tried again.
const RETRIES: u8 = 3;

/// What counts attempts that were not recorded.
pub(crate) type AttemptObserver = Arc<dyn Fn(u64) + Send + Sync>;

/// Takes attempts and writes them later.
#[derive(Clone)]
pub(super) struct AttemptQueue(Arc<Shared>);

struct Shared {
    store: Store,
    observer: AttemptObserver,
    waiting: Mutex<Waiting>,
    /// Whether a write is scheduled already.
    is_scheduled: AtomicBool,
    /// Held while attempts are written, so that a flush waits for one that runs.
    writing: tokio::sync::Mutex<()>,
}

impl AttemptQueue {
    pub(super) fn new(store: Store, observer: AttemptObserver) -> Self {
        Self(Arc::new(Shared {
            store,
            observer,
            waiting: Mutex::new(Waiting::default()),
            is_scheduled: AtomicBool::new(false),
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Queues an attempt, or drops it when too many wait.
    pub(super) fn push(&self, recorded: RecordedAttempt) {
        if self.0.waiting().push(recorded) {
            self.schedule();
        } else {
            self.drop_one();
        }
    }

    /// Writes what waits a little later, together with what is queued until then.
    fn schedule(&self) {
        if self.0.is_scheduled.swap(true, Ordering::AcqRel) {
            return;
        }
        let queue = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(DELAY).await;
            queue.0.is_scheduled.store(false, Ordering::Release);
            queue.write_all().await;
        });
    }

    /// Counts an attempt that is not recorded.
    pub(super) fn drop_one(&self) {
        self.0.count_dropped(1);
    }

    /// Writes everything that was queued before. In a task of its own: a reader who goes away loses nothing.
    pub(super) async fn flush(&self) {
        let queue = self.clone();
        // A task that panicked is logged already.
        let _ = tokio::spawn(async move { queue.write_all().await }).await;
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.flush")]
    async fn write_all(&self) {
        let _writing = self.0.writing.lock().await;
        loop {
            let batch = self.0.waiting().take(BATCH);
            if batch.is_empty() {
                return;
            }
            if let Err(error) = self.0.write(&batch).await {
                tracing::warn!(%error, attempts = batch.len(), "could not store traces of sign-ins");
                let dropped = self.0.waiting().put_back(batch, RETRIES);
                self.0.count_dropped(dropped);
                return self.schedule();
            }
        }
    }
}

impl Shared {
    async fn write(&self, batch: &[WaitingAttempt]) -> StoreResult<()> {
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        for waiting in batch {
            rows::write(conn, &waiting.recorded).await?;
        }
        tx.commit().await
    }

    fn count_dropped(&self, number: usize) {
        (self.observer)(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
