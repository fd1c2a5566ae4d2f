//! A bounded queue of attempts, written in batches in the background: a sign-in never waits for its trace.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::store::{
    Store, StoreResult,
    sign_in::attempts::{self as rows, RecordedAttempt},
};

/// How many attempts wait at most. What comes beyond is dropped and counted.
const CAPACITY: usize = 2000;
/// How many are written in one transaction.
const BATCH: usize = 100;
/// How long the first of a batch waits for others.
const DELAY: Duration = Duration::from_millis(250);

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
            waiting: Mutex::new(Waiting::new(CAPACITY)),
            is_scheduled: AtomicBool::new(false),
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Queues an attempt, or drops it when too many wait.
    pub(super) fn push(&self, recorded: RecordedAttempt) {
        if !self.0.waiting().push(recorded) {
            self.0.count_dropped(1);
            return;
        }
        if !self.0.is_scheduled.swap(true, Ordering::AcqRel) {
            let shared = self.0.clone();
            tokio::spawn(async move {
                tokio::time::sleep(DELAY).await;
                shared.is_scheduled.store(false, Ordering::Release);
                shared.flush().await;
            });
        }
    }

    /// Counts an attempt that is not recorded.
    pub(super) fn drop_one(&self) {
        self.0.count_dropped(1);
    }

    /// Writes everything that was queued before.
    pub(super) async fn flush(&self) {
        // In a box: callers' futures would contain it whole.
        Box::pin(self.0.flush()).await;
    }
}

impl Shared {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.flush")]
    async fn flush(&self) {
        let _writing = self.writing.lock().await;
        loop {
            let batch = self.waiting().take(BATCH);
            if batch.is_empty() {
                return;
            }
            if let Err(error) = self.write(&batch).await {
                tracing::warn!(%error, attempts = batch.len(), "could not store traces of sign-ins");
                self.count_dropped(batch.len());
            }
        }
    }

    async fn write(&self, batch: &[RecordedAttempt]) -> StoreResult<()> {
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        for recorded in batch {
            rows::write(conn, recorded).await?;
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

/// Attempts that wait, up to a bound.
struct Waiting {
    attempts: VecDeque<RecordedAttempt>,
    capacity: usize,
}

impl Waiting {
    const fn new(capacity: usize) -> Self {
        Self { attempts: VecDeque::new(), capacity }
    }

    /// Returns false when there is no room.
    fn push(&mut self, recorded: RecordedAttempt) -> bool {
        let has_room = self.attempts.len() < self.capacity;
        if has_room {
            self.attempts.push_back(recorded);
        }
        has_room
    }

    /// The first ones, by identifier: nodes that write the same attempts do not lock them in opposite orders.
    fn take(&mut self, number: usize) -> Vec<RecordedAttempt> {
        let mut batch: Vec<_> = self.attempts.drain(..number.min(self.attempts.len())).collect();
        batch.sort_by_key(|recorded| recorded.attempt.id);
        batch
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use vestibule_app::domain::{
        id::SignInId,
        sign_in::{AttemptKind, AttemptOutcome, SignInAttempt},
        timestamp::Timestamp,
    };

    use super::*;

    fn recorded(id: u128) -> RecordedAttempt {
        let attempt = SignInAttempt {
            id: SignInId(Uuid::from_u128(id)),
            reference: id.to_string(),
            kind: AttemptKind::Real,
            outcome: AttemptOutcome::Started,
            reason: None,
            tenant: None,
            provider: None,
            user: None,
            started_at: Timestamp(0),
            ended_at: None,
        };
        RecordedAttempt { attempt, steps: Vec::new(), person: None }
    }

    #[test]
    fn what_comes_beyond_the_bound_is_dropped() {
        let mut waiting = Waiting::new(3);
        let accepted: Vec<_> = [4, 3, 2, 1].map(|id| waiting.push(recorded(id))).into();
        assert_eq!(accepted, [true, true, true, false]);
        let batch = waiting.take(2);
        let ids: Vec<_> = batch.iter().map(|recorded| recorded.attempt.reference.as_str()).collect();
        assert_eq!(ids, ["3", "4"]);
        assert!(waiting.push(recorded(1)));
        assert_eq!(waiting.take(100).len(), 2);
        assert!(waiting.take(100).is_empty());
    }
}
