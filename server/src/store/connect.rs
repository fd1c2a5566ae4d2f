//! Pools, connections and transactions of either database.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use sqlx::error::DatabaseError as _;

use super::{StoreError, StoreResult};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// A file, `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A server, `postgres://…`. The text may hold a password.
    Postgres(Box<PgConnectOptions>),
}

/// The text is no database URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a database URL: {0}; expected sqlite:PATH or postgres://USER@HOST/DATABASE")]
pub struct InvalidDatabaseUrl(String);

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err(InvalidDatabaseUrl("SQLite needs a file".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // The parser's message could repeat the password, so it is not passed on.
            let options = PgConnectOptions::from_str(text);
            return options
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_| InvalidDatabaseUrl("the PostgreSQL address cannot be read".to_owned()));
        }
        let scheme = text.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
        Err(InvalidDatabaseUrl(format!("{scheme:?} is not supported")))
    }
}

/// A pool that the host application already has.
#[derive(Debug, Clone)]
pub enum HostPool {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

impl From<SqlitePool> for HostPool {
    fn from(pool: SqlitePool) -> Self {
        Self::Sqlite(pool)
    }
}

impl From<PgPool> for HostPool {
    fn from(pool: PgPool) -> Self {
        Self::Postgres(pool)
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pools: Pools,
}

#[derive(Debug, Clone)]
enum Pools {
    /// SQLite has one writer at a time; a pool of one makes writers wait their turn instead of failing as busy.
    Sqlite {
        reader: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection to either database.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// A connection that reads outside of a transaction.
pub(crate) enum Read {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A transaction that writes; dropped without [`Tx::commit`] it leaves nothing behind.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Read {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Tx {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(transaction),
            Self::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }

    pub(crate) async fn commit(self) -> StoreResult<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

impl Store {
    /// Opens the database, creating a missing SQLite file readable by its owner alone. Runs no migration.
    ///
    /// # Errors
    /// When the file cannot be created or the server does not answer.
    pub(crate) async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let pools = match url {
            DatabaseUrl::Sqlite(path) => {
                create_private(path)?;
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    .foreign_keys(true)
                    .busy_timeout(BUSY_TIMEOUT);
                let pool = |size| {
                    SqlitePoolOptions::new()
                        .max_connections(size)
                        .test_before_acquire(false)
                        .acquire_timeout(ACQUIRE_TIMEOUT)
                };
                let writer = patiently(|| pool(1).connect_with(options.clone())).await?;
                let reader = pool(4).connect_lazy_with(options);
                Pools::Sqlite { reader, writer }
            }
            DatabaseUrl::Postgres(options) => {
                // The pool would only say that its time was up; a single connection says why.
                options.connect().await?.close().await?;
                let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT);
                Pools::Postgres(pool.connect_with((**options).clone()).await?)
            }
        };
        Ok(Self { pools })
    }

    /// Uses a pool of the host application, after checking the settings that Vestibule relies on.
    ///
    /// # Errors
    /// Names the SQLite pragma that is missing.
    pub(crate) async fn adopt(pool: HostPool) -> Result<Self, StoreError> {
        let pools = match pool {
            HostPool::Sqlite(pool) => {
                check_pragmas(&pool).await?;
                Pools::Sqlite { reader: pool.clone(), writer: pool }
            }
            HostPool::Postgres(pool) => Pools::Postgres(pool),
        };
        Ok(Self { pools })
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> StoreResult<Read> {
        Ok(match &self.pools {
            Pools::Sqlite { reader, .. } => Read::Sqlite(reader.acquire().await?),
            Pools::Postgres(pool) => Read::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction for writing. On SQLite it takes the write lock at once, so that it cannot fail halfway as busy.
    pub(crate) async fn begin(&self) -> StoreResult<Tx> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Whether it is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// Runs what is missing of the migrations.
    ///
    /// # Errors
    /// When a migration fails, or the database was migrated by a newer version.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => super::migrate::sqlite(writer).await,
            Pools::Postgres(pool) => super::migrate::postgres(pool).await,
        }
    }

    /// Whether the database answers and has every migration of this version.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn is_ready(&self) -> Result<bool, StoreError> {
        super::migrate::is_complete(self).await
    }

    /// Closes the pools and waits for what is running.
    pub(crate) async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// How long a start waits for another process, which may be migrating a large file.
const PATIENCE: Duration = Duration::from_secs(300);

/// Tries again while another process holds an SQLite file. SQLite's own busy timeout does not cover everything: of two
/// processes that change a new file's journal mode at once, one is refused without any wait.
pub(super) async fn patiently<T, Attempt>(mut attempt: impl FnMut() -> Attempt) -> Result<T, sqlx::Error>
where
    Attempt: Future<Output = Result<T, sqlx::Error>>,
{
    const PAUSE: Duration = Duration::from_millis(20);
    let started = std::time::Instant::now();
    let mut is_told = false;
    loop {
        match attempt().await {
            Err(error) if is_locked(&error) && started.elapsed() < PATIENCE => {
                // What passes at once is not worth a line.
                if !is_told && started.elapsed() >= Duration::from_secs(1) {
                    is_told = true;
                    tracing::info!("another process holds the database file, perhaps to migrate it: waiting");
                }
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether SQLite said that somebody else holds the file: `SQLITE_BUSY`, of whatever kind.
fn is_locked(error: &sqlx::Error) -> bool {
    const SQLITE_BUSY: i32 = 5;
    let sqlx::Error::Database(error) = error else { return false };
    let Some(error) = error.try_downcast_ref::<SqliteError>() else { return false };
    // The lowest byte is the code, what is above tells its kind.
    error.code().and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// Creates the database file with mode 0600 before SQLite would with a wider one; its journal files inherit the mode.
fn create_private(path: &std::path::Path) -> StoreResult<()> {
    let fail = |source| StoreError::File { path: path.display().to_string(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
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

    #[test]
    fn a_database_url_names_what_is_wrong_and_hides_the_password() {
        assert!(
            matches!("sqlite:data/v.db".parse(), Ok(DatabaseUrl::Sqlite(path)) if path == std::path::Path::new("data/v.db"))
        );
        assert!(
            matches!("sqlite:///var/v.db".parse(), Ok(DatabaseUrl::Sqlite(path)) if path == std::path::Path::new("/var/v.db"))
        );
        assert!(matches!("postgres://u:p@localhost/v".parse(), Ok(DatabaseUrl::Postgres(_))));
        for wrong in ["", "mysql://localhost/v", "sqlite:", "sqlite::memory:", "postgres://u:hunter2@[/"] {
            let error = wrong.parse::<DatabaseUrl>().expect_err(wrong).to_string();
            assert!(!error.contains("hunter2") && error.contains("expected"), "{error}");
        }
    }
}
