//! An SQLite file: opening it, noticing that it is no longer there, and transactions that leave no connection behind in
//! the middle of one.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    Sqlite, SqlitePool,
    error::DatabaseError as _,
    migrate::Migrator,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePoolOptions},
};
pub(super) use sqlx::{SqliteConnection, sqlite::SqliteRow};
use vestibule_app::domain::problem::DatabaseFault;

use super::{
    StoreError, StoreResult,
    fault::fault_of,
    options::DatabaseOptions,
    private_file::private_file,
    warm_pool::{WarmConnection, WarmPool},
};

/// The pools over one file.
#[derive(Debug, Clone)]
pub(super) struct SqliteFile {
    reader: WarmPool<Sqlite>,
    /// SQLite has one writer at a time; a pool of one makes writers wait their turn instead of failing as busy.
    writer: SqlitePool,
    /// Which file was opened; nothing when the database is in memory.
    place: Option<FileIdentity>,
    other: Arc<Other>,
}

/// What is known of other processes that write.
#[derive(Debug, Default)]
struct Other {
    /// How many transactions wait to begin; a pool of the host may have several.
    waiting: AtomicUsize,
    /// When one was refused last, and how long it had waited.
    refused: Mutex<Option<(Instant, Duration)>>,
}

impl Other {
    /// Whether another process is the reason that no transaction begins.
    fn is_holding(&self) -> bool {
        let refused = *self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.load(Ordering::SeqCst) > 0 || refused.is_some_and(|(at, waited)| at.elapsed() < waited * 2)
    }
}

/// A transaction that waits to begin.
struct Waiting(Arc<Other>);

impl Waiting {
    fn begin(other: &Arc<Other>) -> Self {
        other.waiting.fetch_add(1, Ordering::SeqCst);
        Self(other.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl SqliteFile {
    /// Opens a file, creating a missing one readable by its owner alone.
    pub(super) async fn open(path: &Path, options: DatabaseOptions) -> StoreResult<Self> {
        create_private(path)?;
        let DatabaseOptions { synchronous, sqlite_wait } = options;
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous.into())
            .foreign_keys(true)
            .busy_timeout(sqlite_wait);
        let pool = |size| {
            SqlitePoolOptions::new().max_connections(size).test_before_acquire(false).acquire_timeout(sqlite_wait)
        };
        let writer = retry_while_locked(|| pool(1).connect_with(connect.clone())).await?;
        Ok(Self {
            reader: WarmPool::of_own(pool(4).connect_lazy_with(connect)),
            writer,
            place: FileIdentity::of(path),
            other: Arc::default(),
        })
    }

    /// Uses a pool of the host application, after checking the settings that Vestibule relies on.
    pub(super) async fn adopt(pool: SqlitePool) -> StoreResult<Self> {
        check_pragmas(&pool).await?;
        let place = FileIdentity::of(pool.connect_options().get_filename());
        Ok(Self { reader: WarmPool::of_host(pool.clone()), writer: pool, place, other: Arc::default() })
    }

    /// SQLite has no advisory lock, so the write lock is held meanwhile: of several processes that start at once, one
    /// migrates and the others find it done.
    pub(super) async fn migrate(&self, migrator: Migrator) -> StoreResult<()> {
        let mut transaction = retry_while_locked(|| self.writer.begin_with("BEGIN IMMEDIATE")).await?;
        migrator.run(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The file; nothing when the database is in memory.
    pub(super) fn path(&self) -> Option<&Path> {
        self.place.as_ref().map(|place| place.path.as_path())
    }

    pub(super) async fn read(&self) -> StoreResult<SqliteReader> {
        self.check()?;
        let mut connection = self.reader.take(self.reader.pool().options().get_acquire_timeout()).await?;
        // Whatever fails while it reads, and wherever it stops: the next statement begins from its start.
        connection.set_good();
        Ok(connection)
    }

    /// A transaction that takes the write lock at once, so that it cannot fail halfway as busy.
    pub(super) async fn begin(&self) -> StoreResult<SqliteTransaction> {
        self.check()?;
        match self.try_begin().await {
            // The connection was left in the middle of a transaction. By now it was rolled back or thrown away.
            Err(error) if error.fault().is_none() => self.try_begin().await,
            outcome => outcome,
        }
    }

    async fn try_begin(&self) -> StoreResult<SqliteTransaction> {
        let connection = self.writer.acquire().await.map_err(|error| match error {
            // Those who have their turn cannot use it.
            sqlx::Error::PoolTimedOut if self.other.is_holding() => StoreError::Fault(DatabaseFault::Locked),
            error => error.into(),
        })?;
        let started = Instant::now();
        let begun = SqliteTransaction::begin(connection, Waiting::begin(&self.other)).await;
        begun.map_err(|error| {
            if fault_of(&error) == Some(DatabaseFault::Locked) {
                let mut refused = self.other.refused.lock().unwrap_or_else(PoisonError::into_inner);
                *refused = Some((Instant::now(), started.elapsed()));
            }
            error.into()
        })
    }

    /// Why no transaction begins: another process holds the file, or others of this one are at work.
    pub(super) fn why_waiting(&self) -> DatabaseFault {
        if self.other.is_holding() { DatabaseFault::Locked } else { DatabaseFault::Busy }
    }

    /// Connections keep a file that is no longer at its place, and what they would write into it would be lost.
    fn check(&self) -> StoreResult<()> {
        match self.place.as_ref().map_or(Ok(()), FileIdentity::check) {
            Ok(()) => Ok(()),
            Err(fault) => Err(StoreError::Fault(fault)),
        }
    }

    /// Closes the pools, unless they are the host application's. The last connection to close writes the write-ahead log
    /// into the file and removes it.
    pub(super) async fn close(&self) {
        if self.reader.is_own() {
            self.reader.close().await;
            self.writer.close().await;
        }
    }
}

/// A connection for reading.
pub(super) type SqliteReader = WarmConnection<Sqlite>;

/// Which file stands at a path.
#[derive(Debug, Clone)]
struct FileIdentity {
    path: PathBuf,
    identity: (u64, u64),
}

impl FileIdentity {
    fn of(path: &Path) -> Option<Self> {
        let identity = identity(&std::fs::metadata(path).ok()?);
        Some(Self { path: path.to_owned(), identity })
    }

    fn check(&self) -> Result<(), DatabaseFault> {
        match std::fs::metadata(&self.path) {
            Ok(metadata) if identity(&metadata) == self.identity => Ok(()),
            Ok(_) => Err(DatabaseFault::Replaced),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(DatabaseFault::Replaced),
            Err(_) => Err(DatabaseFault::CannotOpen),
        }
    }
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Elsewhere an open file cannot be replaced.
#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u64, u64) {
    (0, 0)
}

/// A transaction that writes; dropped without [`Self::commit`] it leaves nothing behind.
///
/// sqlx's own counts how deep a connection is in transactions. SQLite ends a transaction by itself when the disk is full,
/// `ROLLBACK` fails then, and the count stays wrong for as long as the pool keeps the connection. Here the connection goes
/// back to the pool only when SQLite said that no transaction is open.
pub(crate) struct SqliteTransaction {
    /// Taken when it goes back.
    connection: Option<PoolConnection<Sqlite>>,
    /// While it waits to begin.
    waiting: Option<Waiting>,
}

impl SqliteTransaction {
    async fn begin(connection: PoolConnection<Sqlite>, waiting: Waiting) -> Result<Self, sqlx::Error> {
        // A caller that stops waiting drops this, and what began is rolled back.
        let mut transaction = Self { connection: Some(connection), waiting: Some(waiting) };
        let begun = sqlx::raw_sql("BEGIN IMMEDIATE").execute(transaction.conn()).await;
        if let Err(error) = begun {
            if fault_of(&error) == Some(DatabaseFault::Locked) {
                // Nothing began, and the connection is as good as before.
                transaction.connection = None;
            }
            return Err(error);
        }
        transaction.waiting = None;
        Ok(transaction)
    }

    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("it goes back when the transaction ends")
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::raw_sql("COMMIT").execute(self.conn()).await?;
        self.connection = None;
        Ok(())
    }
}

impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let waiting = self.waiting.take();
        tokio::spawn(async move {
            // SQLite goes on waiting for the file although no caller waits for the transaction any more.
            let _waiting = waiting;
            if let Err(error) = sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await {
                tracing::debug!(%error, "a connection that could not roll back is thrown away");
                // It is gone either way.
                let _ = connection.close().await;
            }
        });
    }
}

/// How long a start waits for another process, which may be migrating a large file.
const LOCK_TIMEOUT: Duration = Duration::from_secs(300);

/// Tries again while another process holds an SQLite file. SQLite's own busy timeout does not cover everything: of two
/// processes that change a new file's journal mode at once, one is refused without any wait.
async fn retry_while_locked<T, Attempt>(mut attempt: impl FnMut() -> Attempt) -> Result<T, sqlx::Error>
where
    Attempt: Future<Output = Result<T, sqlx::Error>>,
{
    const PAUSE: Duration = Duration::from_millis(20);
    let started = Instant::now();
    let mut is_logged = false;
    loop {
        match attempt().await {
            Err(error) if is_locked(&error) && started.elapsed() < LOCK_TIMEOUT => {
                // A short wait is not logged.
                if !is_logged && started.elapsed() >= Duration::from_secs(1) {
                    is_logged = true;
                    tracing::info!("another process holds the database file, perhaps to migrate it: waiting");
                }
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether another process holds the file: `SQLITE_BUSY` or one of its extended codes.
fn is_locked(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let sqlx::Error::Database(error) = error else { return false };
    let Some(error) = error.try_downcast_ref::<SqliteError>() else { return false };
    // The lowest byte of an extended code is the primary code.
    error.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// Creates the database file with mode 0600 before SQLite would with a wider one; its journal files inherit the mode.
fn create_private(path: &Path) -> StoreResult<()> {
    let fail = |source| StoreError::File { path: path.display().to_string(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    match private_file().create_new(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(fail(error)),
    }
}

async fn check_pragmas(pool: &SqlitePool) -> StoreResult<()> {
    let mut connection = pool.acquire().await?;
    let (foreign_keys,): (i64,) = sqlx::query_as("PRAGMA foreign_keys").fetch_one(&mut *connection).await?;
    let (journal_mode,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let (busy_timeout,): (i64,) = sqlx::query_as("PRAGMA busy_timeout").fetch_one(&mut *connection).await?;
    let mut missing = Vec::new();
    if foreign_keys != 1 {
        missing.push("foreign_keys = ON (SqliteConnectOptions::foreign_keys(true))");
    }
    if !journal_mode.eq_ignore_ascii_case("wal") {
        missing.push("journal_mode = WAL (SqliteConnectOptions::journal_mode(SqliteJournalMode::Wal))");
    }
    if busy_timeout < 1000 {
        missing.push("busy_timeout of a second or more (SqliteConnectOptions::busy_timeout)");
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(StoreError::Unsuitable(format!("the SQLite pool lacks: {}", missing.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SqliteSynchronous;

    #[tokio::test]
    async fn every_connection_is_as_sure_of_a_change_as_the_setting_says() {
        for (synchronous, level) in [(SqliteSynchronous::Normal, 1), (SqliteSynchronous::Full, 2)] {
            let folder = tempfile::tempdir().expect("a folder");
            let options = DatabaseOptions { synchronous, ..DatabaseOptions::default() };
            let file = SqliteFile::open(&folder.path().join("v.db"), options).await.expect("a file");
            for pool in [file.reader.pool(), &file.writer] {
                let found: (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(pool).await.expect("a level");
                assert_eq!(found.0, level, "{synchronous:?}");
            }
        }
    }
}
