//! The database: opening it, and beginning to read and to write.

use std::{panic::Location, path::Path, sync::Arc};

#[cfg(feature = "postgres")]
use sqlx::PgPool;
#[cfg(feature = "sqlite")]
use sqlx::SqlitePool;

use vestibule_app::domain::problem::DatabaseFault;

use super::{
    conn::{Read, Transaction, Tx},
    error::{StoreError, StoreResult},
    health::Health,
    options::DatabaseOptions,
    postgres::{PostgresServer, TimeLimits},
    sqlite::SqliteFile,
    url::DatabaseUrl,
};

/// A pool that the host application already has.
#[derive(Debug, Clone)]
pub enum HostPool {
    /// SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(SqlitePool),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

#[cfg(feature = "sqlite")]
impl From<SqlitePool> for HostPool {
    fn from(pool: SqlitePool) -> Self {
        Self::Sqlite(pool)
    }
}

#[cfg(feature = "postgres")]
impl From<PgPool> for HostPool {
    fn from(pool: PgPool) -> Self {
        Self::Postgres(pool)
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(super) place: Place,
    pub(super) health: Arc<Health>,
}

#[derive(Debug, Clone)]
pub(super) enum Place {
    Sqlite(SqliteFile),
    Postgres(Arc<PostgresServer>),
}

impl Store {
    /// Opens the database, creating a missing SQLite file readable by its owner alone. Runs no migration.
    ///
    /// # Errors
    /// When the file cannot be created or the server does not answer.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.connect")]
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
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.adopt")]
    pub(crate) async fn adopt(pool: HostPool) -> Result<Self, StoreError> {
        Ok(Self::over(match pool {
            #[cfg(feature = "sqlite")]
            HostPool::Sqlite(pool) => Place::Sqlite(SqliteFile::adopt(pool).await?),
            #[cfg(feature = "postgres")]
            HostPool::Postgres(pool) => Place::Postgres(Arc::new(PostgresServer::adopt(pool))),
        }))
    }

    fn over(place: Place) -> Self {
        Self { place, health: Arc::default() }
    }

    /// A connection for reading.
    #[tracing::instrument(level = "debug", skip_all, name = "store.connection.acquire")]
    pub(crate) async fn read(&self) -> StoreResult<Read> {
        let read = match &self.place {
            Place::Sqlite(file) => file.read().await.map(Read::Sqlite),
            Place::Postgres(server) => server.read().await.map(Read::Postgres),
        };
        if read.is_err() {
            self.health.record(false);
        }
        read
    }

    /// A connection for reading in background work.
    #[tracing::instrument(level = "debug", skip_all, name = "store.connection.acquire_long")]
    pub(crate) async fn read_long(&self) -> StoreResult<Read> {
        Ok(match &self.place {
            Place::Sqlite(file) => Read::Sqlite(file.read().await?),
            Place::Postgres(server) => Read::Postgres(server.read_long().await?),
        })
    }

    /// A transaction for writing that a request waits for.
    #[track_caller]
    pub(crate) fn begin(&self) -> impl Future<Output = StoreResult<Tx>> + Send {
        self.begin_within(TimeLimits::Request, Location::caller())
    }

    /// A transaction for writing in background work: synchronisations, deleting old rows.
    #[track_caller]
    pub(crate) fn begin_long(&self) -> impl Future<Output = StoreResult<Tx>> + Send {
        self.begin_within(TimeLimits::Long, Location::caller())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "store.transaction.begin")]
    async fn begin_within(&self, limits: TimeLimits, from: &'static Location<'static>) -> StoreResult<Tx> {
        let begun = match &self.place {
            Place::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Place::Postgres(server) => server.begin(limits, from).await.map(Transaction::Postgres),
        };
        if begun.is_err() {
            self.health.record(false);
        }
        Ok(Tx::new(begun?, self.health.clone()))
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

    /// Why a transaction does not begin although nothing failed.
    pub(super) fn why_waiting(&self) -> DatabaseFault {
        match &self.place {
            Place::Sqlite(file) => file.why_waiting(),
            Place::Postgres(_) => DatabaseFault::Busy,
        }
    }

    /// Closes the pools that are not the host application's, and waits for what is running.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.close")]
    pub(crate) async fn close(&self) {
        match &self.place {
            Place::Sqlite(file) => file.close().await,
            Place::Postgres(server) => server.close().await,
        }
    }
}
