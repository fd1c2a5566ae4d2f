//! A PostgreSQL server: time limits, and a limit of connections for each kind of work.
//!
//! Three limits work together. The server cancels statements that wait for a lock or run for too long. When a statement has
//! not returned after a moment, a probe on a connection of its own checks whether the server still answers, since a network
//! that drops all packets ends nothing. And no kind of work ([`Work`]) has transactions on more than half of the connections, so that
//! a locked table blocks only the work that needs it.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

pub(super) use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{
    ConnectOptions as _, Connection as _, Describe, Either, Execute, Executor, PgConnection, PgPool, Postgres, SqlStr,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgDatabaseError, PgPoolOptions, PgQueryResult, PgSeverity, PgSslMode, PgStatement, PgTypeInfo},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout},
};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_stream::Stream;
use vestibule_app::domain::problem::DatabaseFault;

use super::{
    StoreError, StoreResult,
    fault::{GivenUp, fault_of},
    warm_pool::{WarmConnection, WarmPool},
    work::Work,
};

/// How many connections a pool of our own has at most.
const CONNECTIONS: u32 = 16;

/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_millis(1800);

/// How long background work waits for a connection.
const ACQUIRE_LONG: Duration = Duration::from_secs(30);

/// After how long without an answer the server is probed.
const DOUBT: Duration = Duration::from_millis(700);

/// How long a probe may take.
const PROBE: Duration = Duration::from_secs(1);

/// How long the result of a probe is reused.
const PROBED: Duration = Duration::from_millis(500);

/// How long a start waits for a server that does not answer.
const START: Duration = Duration::from_secs(10);

/// The time limits of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeLimits {
    /// A request waits for it.
    Request,
    /// Background work, which may take minutes.
    Long,
}

impl TimeLimits {
    /// How a transaction begins; in one message, so that it costs no more than `BEGIN` alone.
    const fn begin(self) -> &'static str {
        match self {
            Self::Request => "BEGIN; SET LOCAL lock_timeout = '1800ms'; SET LOCAL statement_timeout = '10s'",
            Self::Long => "BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '5min'",
        }
    }

    /// How long it waits for a connection.
    const fn acquire(self) -> Duration {
        match self {
            Self::Request => ACQUIRE,
            Self::Long => ACQUIRE_LONG,
        }
    }

    /// How many failed probes in a row end the work. A network loses a packet now and then, and long work probes often.
    const fn silences(self) -> u32 {
        match self {
            Self::Request => 1,
            Self::Long => 2,
        }
    }

    /// After how long a statement is abandoned although the server answers. The server's own limit is a little shorter, so
    /// this one is reached only when the connection is dead.
    const fn statement(self) -> Duration {
        match self {
            Self::Request => Duration::from_secs(12),
            Self::Long => Duration::from_secs(310),
        }
    }
}

/// The limits of reading outside of a transaction. A `SELECT` waits only for changes of a table's structure, so it fails
/// soon instead.
const READING: &str = "SET lock_timeout = '500ms'; SET statement_timeout = '10s'";

/// A server and the pool of connections to it.
#[derive(Debug)]
pub(super) struct PostgresServer {
    pool: WarmPool<Postgres>,
    /// Whether the pool is ours, and its connections with it.
    is_own: bool,
    watch: Arc<Watch>,
    /// How many more connections may be in transactions, for each kind of work.
    permits: Mutex<HashMap<Work, Arc<Semaphore>>>,
}

impl PostgresServer {
    pub(super) async fn connect(options: &PgConnectOptions) -> StoreResult<Self> {
        check_cryptography(options)?;
        // The pool would report a timeout only; a single connection reports why.
        let first = async { options.connect().await?.close().await };
        timeout(START, first).await.map_err(|_| StoreError::Fault(DatabaseFault::Unreachable))??;
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_LONG).after_connect(
            |connection, _| Box::pin(async move { sqlx::raw_sql(READING).execute(connection).await.map(drop) }),
        );
        Ok(Self::over(WarmPool::of_own(pool.connect_with(options.clone()).await?), true))
    }

    /// Uses a pool of the host application.
    pub(super) fn adopt(pool: PgPool) -> Self {
        Self::over(WarmPool::of_host(pool), false)
    }

    fn over(pool: WarmPool<Postgres>, is_own: bool) -> Self {
        let watch = Watch { options: pool.pool().connect_options(), last: tokio::sync::Mutex::new(None) };
        Self { pool, is_own, watch: Arc::new(watch), permits: Mutex::default() }
    }

    pub(super) async fn close(&self) {
        if self.is_own {
            self.pool.close().await;
        }
    }

    /// PostgreSQL takes an advisory lock meanwhile, so that several nodes may start at once.
    pub(super) async fn migrate(&self, migrator: Migrator) -> StoreResult<()> {
        Ok(migrator.run(&mut *self.unlimited().await?).await?)
    }

    /// A connection without limits, for migrations; it does not go back to the pool.
    async fn unlimited(&self) -> StoreResult<PoolConnection<Postgres>> {
        let mut connection = self.pool.pool().acquire().await?;
        if self.is_own {
            connection.close_on_drop();
            sqlx::raw_sql("SET lock_timeout = 0; SET statement_timeout = 0").execute(&mut *connection).await?;
        }
        Ok(connection)
    }

    pub(super) async fn read(&self) -> StoreResult<PostgresLink> {
        self.link(TimeLimits::Request, async { Ok(None) }).await
    }

    /// A connection for reading, in a transaction of its own, since limits of its own go no other way.
    pub(super) async fn read_long(&self) -> StoreResult<PostgresLink> {
        let mut link = self.link(TimeLimits::Long, async { Ok(None) }).await?;
        link.is_in_transaction = true;
        link.run(TimeLimits::Long.begin()).await?;
        Ok(link)
    }

    /// A transaction for a kind of work.
    pub(super) async fn begin(&self, limits: TimeLimits, work: Work) -> StoreResult<PostgresLink> {
        let permits = self.permits(work);
        let permit = async { permits.acquire_owned().await.map(Some).map_err(|_| sqlx::Error::PoolClosed) };
        let mut link = self.link(limits, permit).await?;
        link.is_in_transaction = true;
        link.run(limits.begin()).await?;
        Ok(link)
    }

    async fn link(
        &self,
        limits: TimeLimits,
        permit: impl Future<Output = Result<Option<OwnedSemaphorePermit>, sqlx::Error>>,
    ) -> StoreResult<PostgresLink> {
        let taken = async {
            let permit = permit.await?;
            Ok::<_, sqlx::Error>((permit, self.pool.take(limits.acquire()).await?))
        };
        let (permit, connection) = tokio::select! {
            biased;
            taken = taken => taken?,
            fault = self.watch.overdue(limits.acquire(), limits) => return Err(StoreError::Fault(fault)),
        };
        Ok(PostgresLink {
            connection: Some(connection),
            permit,
            watch: self.watch.clone(),
            limits,
            is_in_transaction: false,
            is_unsettled: false,
        })
    }

    fn permits(&self, work: Work) -> Arc<Semaphore> {
        let half = (self.pool.pool().options().get_max_connections() / 2).max(1);
        let mut permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
        permits.entry(work).or_insert_with(|| Arc::new(Semaphore::new(half as usize))).clone()
    }
}

/// With `verify-ca`, sqlx verifies certificates with the cryptography provider of the process. Without one, it installs its
/// own for the whole process, or panics where the process has two to choose from.
fn check_cryptography(options: &PgConnectOptions) -> StoreResult<()> {
    match options.get_ssl_mode() {
        PgSslMode::VerifyCa if CryptoProvider::get_default().is_none() => Err(StoreError::NoCryptoProvider),
        _ => Ok(()),
    }
}

/// Probes a server that has not answered for a while.
#[derive(Debug)]
struct Watch {
    options: Arc<PgConnectOptions>,
    /// When the server was probed last, and whether it answered. Concurrent callers share a probe.
    last: tokio::sync::Mutex<Option<(Instant, bool)>>,
}

impl Watch {
    /// Completes when waiting longer makes no sense, with the reason.
    async fn overdue(&self, limit: Duration, limits: TimeLimits) -> DatabaseFault {
        let end = Instant::now() + limit;
        let mut silences = 0;
        let mut pause = DOUBT.min(limit);
        loop {
            sleep(pause).await;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return DatabaseFault::Busy;
            }
            silences = if self.is_there().await { 0 } else { silences + 1 };
            if silences >= limits.silences() {
                return DatabaseFault::Unreachable;
            }
            // Long work is not probed every second.
            pause = PROBE.max(limit / 60).min(end.saturating_duration_since(Instant::now()));
        }
    }

    async fn is_there(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, was_there)) = *last
            && at.elapsed() < PROBED
        {
            return was_there;
        }
        let is_there = match timeout(PROBE, self.options.connect()).await {
            Ok(Ok(_)) => true,
            // A refusal is an answer too.
            Ok(Err(error)) => fault_of(&error) != Some(DatabaseFault::Unreachable),
            Err(_) => false,
        };
        *last = Some((Instant::now(), is_there));
        is_there
    }
}

/// A connection on loan: outside of a transaction, or in one that leaves nothing behind without [`Self::commit`].
///
/// It stands in for the connection wherever statements run, and returns to the pool only if its last statement was
/// answered.
pub(crate) struct PostgresLink {
    /// Taken on drop.
    connection: Option<WarmConnection<Postgres>>,
    /// Kept from other transactions of the same kind of work.
    permit: Option<OwnedSemaphorePermit>,
    watch: Arc<Watch>,
    limits: TimeLimits,
    is_in_transaction: bool,
    /// Whether a statement was sent and not answered.
    is_unsettled: bool,
}

impl std::fmt::Debug for PostgresLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresLink").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl PostgresLink {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.run("COMMIT").await?;
        self.is_in_transaction = false;
        Ok(())
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(self).await.map(drop)
    }

    /// What running a statement needs.
    fn parts(&mut self) -> (&mut PgConnection, Waiting<'_>) {
        let connection = self.connection.as_mut().expect("it goes back when the link is dropped");
        self.is_unsettled = true;
        (connection, Waiting { watch: &self.watch, limits: self.limits, is_unsettled: &mut self.is_unsettled })
    }

    /// Runs a statement that has one answer.
    async fn watched<T>(
        work: impl Future<Output = Result<T, sqlx::Error>>,
        waiting: Waiting<'_>,
    ) -> Result<T, sqlx::Error> {
        tokio::select! {
            biased;
            outcome = work => {
                *waiting.is_unsettled = outcome.as_ref().err().is_some_and(ends_connection);
                outcome
            }
            fault = waiting.overdue() => Err(given_up(fault)),
        }
    }
}

impl Drop for PostgresLink {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.is_unsettled {
            // Waiting for the answer could take forever. The server notices that the connection is gone.
            connection.distrust_others();
            drop(connection.detach());
        } else if !self.is_in_transaction {
            connection.set_good();
        } else {
            let permit = self.permit.take();
            tokio::spawn(async move {
                let rolled_back = timeout(ACQUIRE, sqlx::raw_sql("ROLLBACK").execute(&mut *connection)).await;
                match rolled_back {
                    Ok(Ok(_)) => connection.set_good(),
                    _ => drop(connection.detach()),
                }
                drop(permit);
            });
        }
    }
}

/// Whether an error ended the connection: no answer, or a fatal one.
fn ends_connection(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return true };
    let severity = error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::severity);
    matches!(severity, Some(PgSeverity::Fatal | PgSeverity::Panic) | None)
}

fn given_up(fault: DatabaseFault) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::other(GivenUp(fault)))
}

type Answer<'e, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'e>>;
type RowOrCount = Result<Either<PgQueryResult, PgRow>, sqlx::Error>;

impl<'c> Executor<'c> for &'c mut PostgresLink {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Pin<Box<dyn Stream<Item = RowOrCount> + Send + 'e>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (connection, waiting) = self.parts();
        let rows = connection.fetch_many(query);
        let Waiting { watch, limits, is_unsettled } = waiting;
        Box::pin(WatchedRows { rows, overdue: None, watch, limits, is_unsettled })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<PgRow>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (connection, waiting) = self.parts();
        Box::pin(PostgresLink::watched(connection.fetch_optional(query), waiting))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [PgTypeInfo]) -> Answer<'e, PgStatement>
    where
        'c: 'e,
    {
        let (connection, waiting) = self.parts();
        Box::pin(PostgresLink::watched(connection.prepare_with(sql, parameters), waiting))
    }

    fn describe<'e>(self, sql: SqlStr) -> Answer<'e, Describe<Postgres>>
    where
        'c: 'e,
    {
        let (connection, waiting) = self.parts();
        Box::pin(PostgresLink::watched(connection.describe(sql), waiting))
    }
}

/// A statement that was sent.
struct Waiting<'e> {
    watch: &'e Watch,
    limits: TimeLimits,
    is_unsettled: &'e mut bool,
}

impl Waiting<'_> {
    /// Completes when waiting for the statement makes no sense any more.
    async fn overdue(&self) -> DatabaseFault {
        self.watch.overdue(self.limits.statement(), self.limits).await
    }
}

/// The rows of a statement, until waiting for more makes no sense.
struct WatchedRows<'e> {
    rows: Pin<Box<dyn Stream<Item = RowOrCount> + Send + 'e>>,
    /// Begins to count when there is something to wait for.
    overdue: Option<Pin<Box<dyn Future<Output = DatabaseFault> + Send + 'e>>>,
    watch: &'e Watch,
    limits: TimeLimits,
    is_unsettled: &'e mut bool,
}

impl Stream for WatchedRows<'_> {
    type Item = RowOrCount;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<RowOrCount>> {
        if let Poll::Ready(step) = self.rows.as_mut().poll_next(context) {
            match &step {
                Some(Ok(_)) => {}
                Some(Err(error)) => *self.is_unsettled = ends_connection(error),
                None => *self.is_unsettled = false,
            }
            return Poll::Ready(step);
        }
        let (watch, limits) = (self.watch, self.limits);
        let overdue = self.overdue.get_or_insert_with(|| Box::pin(watch.overdue(limits.statement(), limits)));
        overdue.as_mut().poll(context).map(|fault| Some(Err(given_up(fault))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_certificate_is_not_verified_without_a_cryptography_provider_of_the_process() {
        // No server is there: `verify-ca` is rejected before it connects, and the others fail because of that.
        let connect = async |mode| {
            let options = PgConnectOptions::new().host("127.0.0.1").port(1).ssl_mode(mode);
            PostgresServer::connect(&options).await.map(drop)
        };
        let rejected = connect(PgSslMode::VerifyCa).await;
        assert!(matches!(rejected, Err(StoreError::NoCryptoProvider)), "{rejected:?}");
        for mode in [PgSslMode::Prefer, PgSslMode::Require, PgSslMode::VerifyFull] {
            let failed = connect(mode).await;
            assert!(matches!(failed, Err(StoreError::Database(sqlx::Error::Io(_)))), "{failed:?}");
        }
        assert!(CryptoProvider::get_default().is_none());
    }

    #[tokio::test]
    async fn each_kind_of_work_has_half_of_the_connections() {
        // It connects only when a connection is taken.
        let pool = PgPoolOptions::new().max_connections(16).connect_lazy_with(PgConnectOptions::new());
        let server = PostgresServer::adopt(pool);
        // As many runs as that write at once, whichever part of a run begins its transactions.
        let held: Vec<_> = (0..8).map(|_| server.permits(Work::SyncRuns).try_acquire_owned()).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(server.permits(Work::SyncRuns).try_acquire_owned().is_err());
        for other in [Work::Syncs, Work::SyncLeases, Work::Providers] {
            assert_eq!(server.permits(other).available_permits(), 8, "{other:?}");
        }
        drop(held);
        assert_eq!(server.permits(Work::SyncRuns).available_permits(), 8);
    }
}
