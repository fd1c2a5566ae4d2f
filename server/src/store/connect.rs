//! The database: opening it, and beginning to read and to write.

use std::{path::Path, sync::Arc};

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
    work::Work,
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
    pub(super) backend: Backend,
    pub(super) health: Arc<Health>,
    /// What the transactions are for.
    work: Work,
}

#[derive(Debug, Clone)]
pub(super) enum Backend {
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
            DatabaseUrl::Sqlite(path) => Backend::Sqlite(SqliteFile::open(path, options).await?),
            DatabaseUrl::Postgres(server) => Backend::Postgres(Arc::new(PostgresServer::connect(server).await?)),
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
            HostPool::Sqlite(pool) => Backend::Sqlite(SqliteFile::adopt(pool).await?),
            #[cfg(feature = "postgres")]
            HostPool::Postgres(pool) => Backend::Postgres(Arc::new(PostgresServer::adopt(pool))),
        }))
    }

    fn over(backend: Backend) -> Self {
        Self { backend, health: Arc::default(), work: Work::default() }
    }

    /// The same database, for a kind of work.
    pub(crate) fn for_work(&self, work: Work) -> Self {
        Self { work, ..self.clone() }
    }

    /// A connection for reading.
    #[tracing::instrument(level = "debug", skip_all, name = "store.connection.acquire")]
    pub(crate) async fn read(&self) -> StoreResult<Read> {
        let read = match &self.backend {
            Backend::Sqlite(file) => file.read().await.map(Read::Sqlite),
            Backend::Postgres(server) => server.read().await.map(Read::Postgres),
        };
        if read.is_err() {
            self.health.record(false);
        }
        read
    }

    /// A connection for reading in background work.
    #[tracing::instrument(level = "debug", skip_all, name = "store.connection.acquire_long")]
    pub(crate) async fn read_long(&self) -> StoreResult<Read> {
        Ok(match &self.backend {
            Backend::Sqlite(file) => Read::Sqlite(file.read().await?),
            Backend::Postgres(server) => Read::Postgres(server.read_long().await?),
        })
    }

    /// A transaction for writing that a request waits for.
    pub(crate) async fn begin(&self) -> StoreResult<Tx> {
        self.begin_within(TimeLimits::Request).await
    }

    /// A transaction for writing in background work: synchronisations, deleting old rows.
    pub(crate) async fn begin_long(&self) -> StoreResult<Tx> {
        self.begin_within(TimeLimits::Long).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "store.transaction.begin")]
    async fn begin_within(&self, limits: TimeLimits) -> StoreResult<Tx> {
        let begun = match &self.backend {
            Backend::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Backend::Postgres(server) => server.begin(limits, self.work).await.map(Transaction::Postgres),
        };
        if begun.is_err() {
            self.health.record(false);
        }
        Ok(Tx::new(begun?, self.health.clone()))
    }

    /// Whether it is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.backend, Backend::Postgres(_))
    }

    /// The SQLite file, where there is one.
    pub(super) fn sqlite_path(&self) -> Option<&Path> {
        match &self.backend {
            Backend::Sqlite(file) => file.path(),
            Backend::Postgres(_) => None,
        }
    }

    /// Why a transaction does not begin although nothing failed.
    pub(super) fn why_waiting(&self) -> DatabaseFault {
        match &self.backend {
            Backend::Sqlite(file) => file.why_waiting(),
            Backend::Postgres(_) => DatabaseFault::Busy,
        }
    }

    /// Closes the pools that are not the host application's, and waits for what is running.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.close")]
    pub(crate) async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(file) => file.close().await,
            Backend::Postgres(server) => server.close().await,
        }
    }
}
