//! Connections that are used again without a query to the database in between.
//!
//! sqlx asks whether a connection still answers each time it returns to its pool. Most requests read two single rows, and
//! these queries are half of what they cost (docs/adr/0016-connections-handed-on.md). Here a connection that is known to work is
//! kept beside the pool for a second at most; then it returns, with a query that has a time limit.

use std::{
    collections::VecDeque,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use sqlx::{Connection as _, Database, Pool, pool::PoolConnection};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

/// For how long a connection stays out of its pool.
const OUT: Duration = Duration::from_secs(1);

/// How long a connection may take to say that it still answers.
const ANSWER: Duration = Duration::from_secs(1);

/// A pool, and beside it the connections that were used a moment ago. Cheap to clone.
pub(super) struct WarmPool<DB: Database> {
    pool: Pool<DB>,
    resting: Arc<Mutex<Resting<DB>>>,
    /// As many as the pool has connections, so that no caller waits for the pool while a connection rests. Nothing for a
    /// pool that others use too: there no connection rests.
    permits: Option<Arc<Semaphore>>,
}

/// The connections at rest, the one that rests longest in front.
struct Resting<DB: Database> {
    idle: VecDeque<Idle<DB>>,
    /// Whether a task gives back those that have rested long enough.
    is_swept: bool,
}

/// A connection out of its pool.
struct Idle<DB: Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

impl<DB: Database> Idle<DB> {
    fn may_stay(&self) -> bool {
        self.since.elapsed() < OUT
    }

    /// Gives the connection back to its pool. One that does not answer is thrown away: sqlx would wait for it, and keep its
    /// place in the pool meanwhile, for as long as the operating system does.
    fn give_back(mut self) {
        if Handle::try_current().is_err() {
            // The program ends, and the pool needs a runtime to take it.
            drop(self.connection.detach());
            return;
        }
        tokio::spawn(async move {
            if !matches!(timeout(ANSWER, self.connection.ping()).await, Ok(Ok(()))) {
                drop(self.connection.detach());
            }
        });
    }
}

impl<DB: Database> Drop for Resting<DB> {
    fn drop(&mut self) {
        self.idle.drain(..).for_each(Idle::give_back);
    }
}

impl<DB: Database> WarmPool<DB> {
    /// Over a pool that no other code uses.
    pub(super) fn of_own(pool: Pool<DB>) -> Self {
        let connections = pool.options().get_max_connections() as usize;
        Self::over(pool, Some(Arc::new(Semaphore::new(connections))))
    }

    /// Over a pool of the host application, to which each connection goes back at once.
    pub(super) fn of_host(pool: Pool<DB>) -> Self {
        Self::over(pool, None)
    }

    fn over(pool: Pool<DB>, permits: Option<Arc<Semaphore>>) -> Self {
        let resting = Resting { idle: VecDeque::new(), is_swept: false };
        Self { pool, resting: Arc::new(Mutex::new(resting)), permits }
    }

    /// The pool that the connections come from.
    pub(super) const fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    /// Whether no other code uses the pool.
    #[cfg(feature = "sqlite")]
    pub(super) const fn is_own(&self) -> bool {
        self.permits.is_some()
    }

    /// A connection, once one is free.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when none becomes free within the limit, and what opening one says.
    pub(super) async fn take(&self, limit: Duration) -> Result<WarmConnection<DB>, sqlx::Error> {
        let taken = async {
            let permit = match &self.permits {
                Some(permits) => Some(permits.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?),
                None => None,
            };
            let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner).idle.pop_front();
            let idle = match resting {
                Some(idle) => idle,
                None => Idle { connection: self.pool.acquire().await?, since: Instant::now() },
            };
            let (resting, permits) = (self.resting.clone(), self.permits.clone());
            Ok(WarmConnection { idle: Some(idle), is_good: false, resting, permits, _permit: permit })
        };
        timeout(limit, taken).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    /// Closes the pool, and waits for the connections that are in use.
    pub(super) async fn close(&self) {
        if let Some(permits) = &self.permits {
            permits.close();
        }
        let idle = std::mem::take(&mut self.resting.lock().unwrap_or_else(PoisonError::into_inner).idle);
        idle.into_iter().for_each(Idle::give_back);
        self.pool.close().await;
    }
}

impl<DB: Database> Clone for WarmPool<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), resting: self.resting.clone(), permits: self.permits.clone() }
    }
}

impl<DB: Database> std::fmt::Debug for WarmPool<DB> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WarmPool").field("pool", &self.pool).finish_non_exhaustive()
    }
}

/// A connection in use. Dropped, it rests for the next user when it is known to be good, or else goes back to its pool.
pub(crate) struct WarmConnection<DB: Database> {
    /// Taken when it goes back.
    idle: Option<Idle<DB>>,
    is_good: bool,
    resting: Arc<Mutex<Resting<DB>>>,
    permits: Option<Arc<Semaphore>>,
    /// Released after the connection went back.
    _permit: Option<OwnedSemaphorePermit>,
}

impl<DB: Database> WarmConnection<DB> {
    /// Notes that the connection is as good as before: nothing on it is unfinished, and nothing broke it.
    pub(super) const fn set_good(&mut self) {
        self.is_good = true;
    }

    /// Gives back all connections at rest, with their question: what broke this one may have broken them too.
    #[cfg(feature = "postgres")]
    pub(super) fn distrust_others(&self) {
        let idle = std::mem::take(&mut self.resting.lock().unwrap_or_else(PoisonError::into_inner).idle);
        idle.into_iter().for_each(Idle::give_back);
    }

    /// Takes the connection out of the pool.
    #[cfg(feature = "postgres")]
    pub(super) fn detach(mut self) -> DB::Connection {
        self.idle.take().expect("it goes back at the end").connection.detach()
    }
}

impl<DB: Database> Deref for WarmConnection<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.idle.as_ref().expect("it goes back at the end").connection
    }
}

impl<DB: Database> DerefMut for WarmConnection<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.idle.as_mut().expect("it goes back at the end").connection
    }
}

impl<DB: Database> Drop for WarmConnection<DB> {
    fn drop(&mut self) {
        let (Some(idle), true) = (self.idle.take(), self.is_good) else { return };
        let Some(permits) = &self.permits else { return };
        if !idle.may_stay() {
            idle.give_back();
            return;
        }
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if permits.is_closed() {
            drop(resting);
            idle.give_back();
            return;
        }
        resting.idle.push_back(idle);
        if !resting.is_swept && Handle::try_current().is_ok() {
            resting.is_swept = true;
            tokio::spawn(sweep(Arc::downgrade(&self.resting)));
        }
    }
}

/// Gives connections back when they have rested long enough, until none rests.
async fn sweep<DB: Database>(resting: Weak<Mutex<Resting<DB>>>) {
    loop {
        sleep(OUT).await;
        let Some(resting) = resting.upgrade() else { return };
        let mut resting = resting.lock().unwrap_or_else(PoisonError::into_inner);
        let (staying, stale): (VecDeque<_>, VecDeque<_>) = resting.idle.drain(..).partition(Idle::may_stay);
        resting.idle = staying;
        resting.is_swept = !resting.idle.is_empty();
        let is_done = !resting.is_swept;
        drop(resting);
        stale.into_iter().for_each(Idle::give_back);
        if is_done {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Sqlite, SqlitePool, sqlite::SqlitePoolOptions};
    use tokio::runtime::Runtime;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    fn pool() -> SqlitePool {
        SqlitePoolOptions::new().max_connections(1).connect_lazy("sqlite::memory:").expect("a pool")
    }

    async fn use_one(pool: &WarmPool<Sqlite>) {
        pool.take(LIMIT).await.expect("a connection").set_good();
    }

    #[tokio::test]
    async fn a_good_connection_rests_until_it_is_swept() {
        let pool = WarmPool::of_own(pool());
        use_one(&pool).await;
        assert_eq!(pool.pool().num_idle(), 0);
        use_one(&pool).await;
        // Without the sweep this would wait for ever.
        let returned = pool.pool().acquire().await;
        assert!(returned.is_ok());
    }

    #[tokio::test]
    async fn a_connection_that_is_not_good_goes_back_and_so_does_each_of_a_host() {
        let (own, host) = (WarmPool::of_own(pool()), WarmPool::of_host(pool()));
        drop(own.take(LIMIT).await.expect("a connection"));
        use_one(&host).await;
        for pool in [own, host] {
            assert!(pool.resting.lock().expect("a list").idle.is_empty());
            assert!(pool.pool().acquire().await.is_ok());
        }
    }

    #[tokio::test]
    async fn closing_waits_for_the_connections_in_use_alone() {
        let pool = WarmPool::of_own(pool());
        use_one(&pool).await;
        let mut taken = pool.take(LIMIT).await.expect("a connection");
        let closing = tokio::spawn({
            let pool = pool.clone();
            async move { pool.close().await }
        });
        while !pool.permits.as_ref().expect("permits").is_closed() {
            tokio::task::yield_now().await;
        }
        taken.set_good();
        drop(taken);
        closing.await.expect("an end");
        assert!(matches!(pool.take(LIMIT).await, Err(sqlx::Error::PoolClosed)));
    }

    #[test]
    fn a_pool_may_be_dropped_after_its_runtime() {
        let runtime = Runtime::new().expect("a runtime");
        let pool = runtime.block_on(async {
            let pool = WarmPool::of_own(pool());
            use_one(&pool).await;
            pool
        });
        drop(runtime);
        drop(pool);
    }
}
