//! Persistence on SQLite and PostgreSQL: rows go in and out here and nowhere else.
//!
//! Every statement is written once and runs on both databases, since both understand `$1`. [`Conn`] is a connection
//! to either; the `on!` macro stamps a statement for both drivers, statically typed (docs/adr/0002). Repositories are
//! modules of functions that take a [`Conn`], so that the caller decides where a transaction begins and ends.

mod connect;
mod error;
mod migrate;

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod providers;
pub(crate) mod settings;
pub(crate) mod tenants;

pub(crate) use connect::{Conn, Store};
pub use connect::{DatabaseUrl, HostPool, InvalidDatabaseUrl};
pub use error::StoreError;
pub(crate) use error::{StoreResult, UniqueKey, corrupt};

use vestibule_app::domain::page::PageRequest;

/// Runs an expression on a connection of either driver. `$c` is the driver's own connection in the expression.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($c) => $body,
            $crate::store::Conn::Postgres($c) => $body,
        }
    };
}
pub(crate) use on;

/// How many rows a page skips, as the databases count. Beyond their limit there is no row anyway.
pub(crate) fn offset(page: PageRequest) -> i64 {
    i64::try_from(page.offset).unwrap_or(i64::MAX)
}
