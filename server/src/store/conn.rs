//! Connections and transactions of either database, and running one statement text on both.

use std::sync::Arc;

use super::{
    error::StoreResult,
    health::Health,
    postgres::PostgresLink,
    sqlite::{SqliteConnection, SqliteReader, SqliteTransaction},
};

/// A connection to either database.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PostgresLink),
}

/// A connection that reads outside of a transaction.
pub(crate) enum Read {
    Sqlite(SqliteReader),
    Postgres(PostgresLink),
}

/// A transaction that writes; dropped without [`Tx::commit`] it leaves nothing behind.
pub(crate) struct Tx {
    inner: Transaction,
    health: Arc<Health>,
}

pub(super) enum Transaction {
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
    pub(super) fn new(inner: Transaction, health: Arc<Health>) -> Self {
        Self { inner, health }
    }

    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match &mut self.inner {
            Transaction::Sqlite(transaction) => Conn::Sqlite(transaction.conn()),
            Transaction::Postgres(link) => Conn::Postgres(link),
        }
    }

    #[tracing::instrument(level = "debug", skip_all, name = "store.transaction.commit")]
    pub(crate) async fn commit(self) -> StoreResult<()> {
        let outcome = match self.inner {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(link) => link.commit().await,
        };
        self.health.record(outcome.is_ok());
        Ok(outcome?)
    }
}

/// A row of either database. The two names are traits of the drivers that the build has.
pub(crate) trait AnyRow: OfSqlite + OfPostgres + Send + Unpin {}

impl<R: OfSqlite + OfPostgres + Send + Unpin> AnyRow for R {}

#[cfg(feature = "sqlite")]
pub(crate) trait OfSqlite: for<'r> sqlx::FromRow<'r, super::sqlite::SqliteRow> {}
#[cfg(feature = "sqlite")]
impl<R: for<'r> sqlx::FromRow<'r, super::sqlite::SqliteRow>> OfSqlite for R {}
#[cfg(not(feature = "sqlite"))]
pub(crate) trait OfSqlite {}
#[cfg(not(feature = "sqlite"))]
impl<R> OfSqlite for R {}

#[cfg(feature = "postgres")]
pub(crate) trait OfPostgres: for<'r> sqlx::FromRow<'r, super::postgres::PgRow> {}
#[cfg(feature = "postgres")]
impl<R: for<'r> sqlx::FromRow<'r, super::postgres::PgRow>> OfPostgres for R {}
#[cfg(not(feature = "postgres"))]
pub(crate) trait OfPostgres {}
#[cfg(not(feature = "postgres"))]
impl<R> OfPostgres for R {}

/// Runs an expression on a connection of either driver. `$c` is the driver's own connection in the expression.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            #[cfg(feature = "sqlite")]
            $crate::store::conn::Conn::Sqlite($c) => $body,
            #[cfg(not(feature = "sqlite"))]
            $crate::store::conn::Conn::Sqlite(absent) => absent.absent(),
            #[cfg(feature = "postgres")]
            $crate::store::conn::Conn::Postgres($c) => $body,
            #[cfg(not(feature = "postgres"))]
            $crate::store::conn::Conn::Postgres(absent) => absent.absent(),
        }
    };
}
pub(crate) use on;
