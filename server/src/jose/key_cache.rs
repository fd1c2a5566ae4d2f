//! The keys of one issuer in a cache: read again when they are old, and when a token names an unknown one.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::Algorithm;
use serde_json::Value;
use tokio::{sync::Mutex, time::timeout};
use vestibule_app::domain::timestamp::Timestamp;

use super::key_set::{KeySet, NoKey, VerificationKey};
use crate::{clock::Clock, trace_context};

/// Reads the key set. It ends within the limits of the outbound client.
pub(crate) type FetchKeys = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Value, String>> + Send>> + Send + Sync>;

/// How long keys are used without reading them again, in seconds.
const FRESH: i64 = 10 * 60;
/// How long keys are used while the issuer does not answer, in seconds.
const HELD: i64 = 60 * 60;
/// How long a request with a usable old key waits for new ones.
const WAIT: Duration = Duration::from_secs(2);

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyFault {
    /// The issuer has no such key.
    Unknown,
    /// The token names no key, and several fit.
    Ambiguous,
    /// The issuer's keys cannot be read.
    Unavailable,
}

/// The keys of an issuer.
pub(crate) struct KeyCache {
    shared: Arc<Shared>,
}

struct Shared {
    fetch: FetchKeys,
    clock: Arc<dyn Clock>,
    /// The shortest time between two readings, in seconds, whatever tokens are sent.
    pause: i64,
    /// How long a request with a usable old key waits for new ones.
    wait: Duration,
    known: RwLock<Arc<Known>>,
    /// Held while keys are read, so that one request reads them.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: KeySet,
    read_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

impl KeyCache {
    /// A cache that reads the keys at most once in `pause` seconds.
    pub(crate) fn new(fetch: FetchKeys, clock: Arc<dyn Clock>, pause: i64) -> Self {
        Self {
            shared: Arc::new(Shared {
                fetch,
                clock,
                pause,
                wait: WAIT,
                known: RwLock::default(),
                reading: Mutex::default(),
            }),
        }
    }

    /// The key that a token names, made for the algorithm that it names.
    pub(crate) async fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<VerificationKey, KeyFault> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let known = shared.known(now);
        let usable = known.keys.find(id, algorithm).ok().filter(|_| known.is_younger_than(HELD, now));
        if let Some(key) = usable {
            // An old key is used when new ones cannot be read, or not in time.
            if known.is_younger_than(FRESH, now)
                || shared.reading.try_lock().is_err()
                || timeout(shared.wait, shared.clone().refresh()).await.is_err()
            {
                return Ok(key.clone());
            }
        } else {
            shared.clone().refresh().await;
        }
        let now = shared.clock.now();
        let known = shared.known(now);
        if !known.is_younger_than(HELD, now) {
            return usable.cloned().ok_or(KeyFault::Unavailable);
        }
        known.keys.find(id, algorithm).cloned().map_err(|fault| match fault {
            NoKey::Unknown => KeyFault::Unknown,
            NoKey::Ambiguous => KeyFault::Ambiguous,
        })
    }
}

impl Shared {
    /// Reads the keys unless another request has read them meanwhile. The reading goes on when the request that began it
    /// is dropped: others wait for its outcome.
    async fn refresh(self: Arc<Self>) {
        let reading = tokio::spawn(trace_context::carried(async move {
            let _reading = self.reading.lock().await;
            let now = self.clock.now();
            if self.known(now).may_be_read(now, self.pause) {
                self.read(now).await;
            }
        }));
        if let Err(error) = reading.await {
            tracing::error!(%error, "reading the keys of an issuer failed");
        }
    }

    async fn read(&self, now: Timestamp) {
        let before = self.known(now);
        // Stored before the request: whatever becomes of it, the pause has begun.
        self.put(Known { keys: before.keys.clone(), read_at: before.read_at, tried_at: Some(now) });
        let read = (self.fetch)().await;
        match read.and_then(|set| KeySet::read(&set).ok_or_else(|| "the answer has no usable key".to_owned())) {
            Ok(keys) => self.put(Known { keys, read_at: Some(now), tried_at: Some(now) }),
            Err(error) => tracing::warn!(%error, "cannot read the keys of an issuer"),
        }
    }

    fn put(&self, known: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    /// What is known, with no moment ahead of now: after the clock was set back, keys are used for
    /// as long as ever, counted from the moment when that is noticed.
    fn known(&self, now: Timestamp) -> Arc<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_not_after(now) {
            return known;
        }
        let mut held = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let back = |at: Timestamp| at.min(now);
        let Known { keys, read_at, tried_at } = &**held;
        *held = Arc::new(Known { keys: keys.clone(), read_at: read_at.map(back), tried_at: tried_at.map(back) });
        held.clone()
    }
}

impl Known {
    fn is_not_after(&self, now: Timestamp) -> bool {
        [self.read_at, self.tried_at].into_iter().flatten().all(|at| at <= now)
    }

    fn is_younger_than(&self, seconds: i64, now: Timestamp) -> bool {
        self.read_at.is_some_and(|at| now.elapsed_since(at) < seconds)
    }

    fn may_be_read(&self, now: Timestamp, pause: i64) -> bool {
        self.tried_at.is_none_or(|at| now.elapsed_since(at) >= pause)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

    use serde_json::json;
    use tokio::sync::Semaphore;

    use super::*;

    struct Set(Arc<AtomicI64>);

    impl Clock for Set {
        fn now(&self) -> Timestamp {
            Timestamp(0).plus_seconds(self.0.load(Ordering::SeqCst))
        }
    }

    /// A cache whose issuer answers as often as the semaphore has permits.
    struct Case {
        cache: KeyCache,
        time: Arc<AtomicI64>,
        answers: Arc<Semaphore>,
        requests: Arc<AtomicUsize>,
    }

    fn case() -> Case {
        let (answers, requests) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
        let time = Arc::new(AtomicI64::new(0));
        let (permits, counted) = (answers.clone(), requests.clone());
        let fetch: FetchKeys = Box::new(move || {
            let permits = permits.clone();
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                permits.acquire().await.map_err(|error| error.to_string())?.forget();
                Ok(json!({"keys": [{"kty": "RSA", "kid": "k1", "n": "A".repeat(342), "e": "AQAB"}]}))
            })
        });
        let mut cache = KeyCache::new(fetch, Arc::new(Set(time.clone())), 60);
        Arc::get_mut(&mut cache.shared).expect("not shared yet").wait = Duration::from_millis(20);
        Case { cache, time, answers, requests }
    }

    impl Case {
        async fn find(&self, id: &str) -> Result<(), KeyFault> {
            self.cache.find(Some(id), Algorithm::RS256).await.map(drop)
        }
    }

    #[tokio::test]
    async fn a_reading_outlives_the_request_that_began_it() {
        let case = case();
        assert!(timeout(Duration::from_millis(20), case.find("k1")).await.is_err(), "the issuer does not answer");
        case.answers.add_permits(1);
        assert_eq!(case.find("k1").await, Ok(()));
        assert_eq!(case.requests.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_old_key_is_used_while_the_issuer_is_slow() {
        let case = case();
        case.answers.add_permits(1);
        assert_eq!(case.find("k1").await, Ok(()));
        case.time.store(FRESH, Ordering::SeqCst);
        assert_eq!(case.find("k1").await, Ok(()), "after a short wait");
        assert_eq!(case.find("k1").await, Ok(()), "at once, since another request reads");
        assert_eq!(case.requests.load(Ordering::SeqCst), 2);
        case.time.store(HELD, Ordering::SeqCst);
        assert!(timeout(Duration::from_millis(20), case.find("k1")).await.is_err(), "too old");
    }

    #[tokio::test]
    async fn the_pause_begins_with_the_request() {
        let case = case();
        case.answers.close();
        assert_eq!(case.find("k1").await, Err(KeyFault::Unavailable));
        case.time.store(59, Ordering::SeqCst);
        assert_eq!(case.find("k1").await, Err(KeyFault::Unavailable));
        assert_eq!(case.requests.load(Ordering::SeqCst), 1);
        case.time.store(60, Ordering::SeqCst);
        assert_eq!(case.find("k1").await, Err(KeyFault::Unavailable));
        assert_eq!(case.requests.load(Ordering::SeqCst), 2);
    }
}
