//! Connections and transactions of either database, and running one statement text on both.

use std::sync::Arc;

use sqlx::{Sqlite, SqliteConnection};

use super::{
    error::StoreResult, health::Health, postgres::PostgresLink, sqlite::SqliteTransaction, warm_pool::WarmConnection,
};

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

/// Runs an expression on a connection of either driver. `$c` is the driver's own connection in the expression.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::store::conn::Conn::Sqlite($c) => $body,
            $crate::store::conn::Conn::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;
