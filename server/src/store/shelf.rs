//! Connections that go from one user to the next without a question to the database in between.
//!
//! sqlx asks whether a connection still answers each time it goes back to its pool. Most requests read twice, a row each,
//! and these questions are half of what they cost. Here a connection that is known to be good is handed on as it is; it
//! goes through the pool, with its question, once a second.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Database, Pool, pool::PoolConnection};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// For how long a connection stays out of the pool at most.
const OUT: Duration = Duration::from_secs(1);

/// A pool with the connections that are out of it and at rest. Cheap to clone.
pub(super) struct Shelf<DB: Database> {
    pool: Pool<DB>,
    resting: Arc<Mutex<Vec<Out<DB>>>>,
    /// As many as the pool has connections, so that nobody waits for the pool while a connection rests here. Nothing for
    /// a pool that others use too: there nothing rests.
    permits: Option<Arc<Semaphore>>,
}

/// A connection out of its pool.
struct Out<DB: Database> {
    connection: PoolConnection<DB>,
    since: Instant,
}

impl<DB: Database> Shelf<DB> {
    /// A shelf for a pool that nobody else uses.
    pub(super) fn of_own(pool: Pool<DB>) -> Self {
        let connections = pool.options().get_max_connections() as usize;
        Self { pool, resting: Arc::default(), permits: Some(Arc::new(Semaphore::new(connections))) }
    }

    /// No shelf at all, for a pool of the host application: each connection goes back at once.
    pub(super) fn of_host(pool: Pool<DB>) -> Self {
        Self { pool, resting: Arc::default(), permits: None }
    }

    /// The pool that the connections come from.
    pub(super) const fn pool(&self) -> &Pool<DB> {
        &self.pool
    }

    /// A connection, once one is free.
    ///
    /// # Errors
    /// [`sqlx::Error::PoolTimedOut`] when none becomes free in the pool's time, and what opening one says.
    pub(super) async fn take(&self) -> Result<Taken<DB>, sqlx::Error> {
        let permit = match &self.permits {
            Some(permits) => {
                let permit = timeout(self.pool.options().get_acquire_timeout(), permits.clone().acquire_owned()).await;
                Some(permit.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?)
            }
            None => None,
        };
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let out = match resting.filter(Out::may_stay) {
            Some(out) => out,
            None => Out { connection: self.pool.acquire().await?, since: Instant::now() },
        };
        Ok(Taken { out: Some(out), is_good: false, resting: self.resting.clone(), permit })
    }

    /// Closes the pool, and waits for the connections that are in use.
    pub(super) async fn close(&self) {
        if let Some(permits) = &self.permits {
            permits.close();
        }
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.pool.close().await;
    }
}

impl<DB: Database> Clone for Shelf<DB> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone(), resting: self.resting.clone(), permits: self.permits.clone() }
    }
}

impl<DB: Database> std::fmt::Debug for Shelf<DB> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("pool", &self.pool).finish_non_exhaustive()
    }
}

impl<DB: Database> Out<DB> {
    fn may_stay(&self) -> bool {
        self.since.elapsed() < OUT
    }
}

/// A connection in use. Dropped, it goes back to its pool, or to the shelf when it is known to be good.
pub(crate) struct Taken<DB: Database> {
    /// Taken when it goes back.
    out: Option<Out<DB>>,
    is_good: bool,
    resting: Arc<Mutex<Vec<Out<DB>>>>,
    /// Released after the connection went back.
    permit: Option<OwnedSemaphorePermit>,
}

impl<DB: Database> Taken<DB> {
    /// Says that the connection is as good as before: nothing on it is unfinished or failed.
    pub(super) const fn is_good(&mut self) {
        self.is_good = true;
    }

    /// The connection for good: neither pool nor shelf gets it back.
    pub(super) fn detach(mut self) -> DB::Connection {
        self.out.take().expect("it goes back at the end").connection.detach()
    }
}

impl<DB: Database> Deref for Taken<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.out.as_ref().expect("it goes back at the end").connection
    }
}

impl<DB: Database> DerefMut for Taken<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.out.as_mut().expect("it goes back at the end").connection
    }
}

impl<DB: Database> Drop for Taken<DB> {
    fn drop(&mut self) {
        let is_good = self.is_good && self.permit.is_some();
        if let Some(out) = self.out.take().filter(|out| is_good && out.may_stay()) {
            self.resting.lock().unwrap_or_else(PoisonError::into_inner).push(out);
        }
    }
}
