//! Pools, connections and transactions of either database.

use std::{
    panic::Location,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use sqlx::{PgPool, Sqlite, SqliteConnection, SqlitePool, postgres::PgConnectOptions};

use vestibule_app::domain::problem::DatabaseFault;

use super::{
    DatabaseOptions, Readiness, StoreError, StoreResult,
    health::Health,
    postgres::{Limits, PostgresLink, PostgresServer},
    sqlite::{SqliteFile, SqliteTransaction},
    warm_pool::WarmConnection,
};

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
    place: Place,
    health: Arc<Health>,
}

#[derive(Debug, Clone)]
enum Place {
    Sqlite(SqliteFile),
    Postgres(Arc<PostgresServer>),
}

/// A connection to either database.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PostgresLink),
}

/// A connection that reads outside of a transaction.
pub(crate) enum Read {
    Sqlite(WarmConnection<Sqlite>),
    Postgres(PostgresLink),
}

/// A transaction that writes; dropped without [`Tx::commit`] it leaves nothing behind.
pub(crate) struct Tx {
    inner: Transaction,
    health: Arc<Health>,
}

enum Transaction {
    Sqlite(SqliteTransaction),
    Postgres(PostgresLink),
}

impl Read {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(link) => Conn::Postgres(link),
        }
    }
}

impl Tx {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.inner {
            Transaction::Sqlite(transaction) => Conn::Sqlite(transaction.conn()),
            Transaction::Postgres(link) => Conn::Postgres(link),
        }
    }

    pub(crate) async fn commit(self) -> StoreResult<()> {
        let outcome = match self.inner {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(link) => link.commit().await,
        };
        self.health.heard(outcome.is_ok());
        Ok(outcome?)
    }
}

impl Store {
    /// Opens the database, creating a missing SQLite file readable by its owner alone. Runs no migration.
    ///
    /// # Errors
    /// When the file cannot be created or the server does not answer.
    pub(crate) async fn connect(url: &DatabaseUrl, options: DatabaseOptions) -> Result<Self, StoreError> {
        Ok(Self::over(match url {
            DatabaseUrl::Sqlite(path) => Place::Sqlite(SqliteFile::open(path, options).await?),
            DatabaseUrl::Postgres(server) => Place::Postgres(Arc::new(PostgresServer::connect(server).await?)),
        }))
    }

    /// Uses a pool of the host application, after checking the settings that Vestibule relies on.
    ///
    /// # Errors
    /// Names the SQLite pragma that is missing.
    pub(crate) async fn adopt(pool: HostPool) -> Result<Self, StoreError> {
        Ok(Self::over(match pool {
            HostPool::Sqlite(pool) => Place::Sqlite(SqliteFile::adopt(pool).await?),
            HostPool::Postgres(pool) => Place::Postgres(Arc::new(PostgresServer::adopt(pool))),
        }))
    }

    fn over(place: Place) -> Self {
        Self { place, health: Arc::default() }
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> StoreResult<Read> {
        let read = match &self.place {
            Place::Sqlite(file) => file.read().await.map(Read::Sqlite),
            Place::Postgres(server) => server.read().await.map(Read::Postgres),
        };
        if read.is_err() {
            self.health.heard(false);
        }
        read
    }

    /// A connection for reading that may take its time: for a synchronisation.
    pub(crate) async fn read_long(&self) -> StoreResult<Read> {
        Ok(match &self.place {
            Place::Sqlite(file) => Read::Sqlite(file.read().await?),
            Place::Postgres(server) => Read::Postgres(server.read_long().await?),
        })
    }

    /// A transaction for writing that somebody waits for.
    #[track_caller]
    pub(crate) fn begin(&self) -> impl Future<Output = StoreResult<Tx>> + Send {
        self.begin_within(Limits::Request, Location::caller())
    }

    /// A transaction for writing that may take its time: of a synchronisation, or removing what is old.
    #[track_caller]
    pub(crate) fn begin_long(&self) -> impl Future<Output = StoreResult<Tx>> + Send {
        self.begin_within(Limits::Long, Location::caller())
    }

    async fn begin_within(&self, limits: Limits, from: &'static Location<'static>) -> StoreResult<Tx> {
        let begun = match &self.place {
            Place::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Place::Postgres(server) => server.begin(limits, from).await.map(Transaction::Postgres),
        };
        if begun.is_err() {
            self.health.heard(false);
        }
        Ok(Tx { inner: begun?, health: self.health.clone() })
    }

    /// Whether it is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres(_))
    }

    /// The SQLite file, where there is one.
    pub(super) fn sqlite_path(&self) -> Option<&Path> {
        match &self.place {
            Place::Sqlite(file) => file.path(),
            Place::Postgres(_) => None,
        }
    }

    /// Why a transaction that nobody refused does not begin.
    pub(super) fn why_waiting(&self) -> DatabaseFault {
        match &self.place {
            Place::Sqlite(file) => file.why_waiting(),
            Place::Postgres(_) => DatabaseFault::Busy,
        }
    }

    /// Runs what is missing of the migrations.
    ///
    /// # Errors
    /// When a migration fails, or the database was migrated by a newer version.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        match &self.place {
            Place::Sqlite(file) => super::migrate::sqlite(file.writer()).await,
            Place::Postgres(server) => super::migrate::postgres(server.unlimited().await?).await,
        }
    }

    /// Whether the database answers and has every migration of this version.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn is_migrated(&self) -> Result<bool, StoreError> {
        super::migrate::is_complete(self).await
    }

    /// Whether requests can be served: the database answers, has every migration, and stores.
    pub(crate) async fn readiness(&self) -> Readiness {
        self.health.check(self).await
    }

    /// Closes the pools and waits for what is running.
    pub(crate) async fn close(&self) {
        match &self.place {
            Place::Sqlite(file) => file.close().await,
            Place::Postgres(server) => server.close().await,
        }
    }
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
