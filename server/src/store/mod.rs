//! Persistence on SQLite and PostgreSQL: rows go in and out here and nowhere else.
//!
//! Every statement is written once and runs on both databases, since both understand `$1`. [`Conn`] is a connection
//! to either; the `on!` macro stamps a statement for both drivers, statically typed (docs/adr/0002). Repositories are
//! modules of functions that take a [`Conn`], so that the caller decides where a transaction begins and ends.
//!
//! A build may lack one of the two (features `sqlite` and `postgres`); types without values stand in for it.

#[cfg(not(any(feature = "postgres", feature = "sqlite")))]
compile_error!("enable one of the features `sqlite` and `postgres` of the crate vestibule");

mod conn;
mod connect;
mod error;
mod fault;
mod health;
mod migrate;
mod options;
#[cfg_attr(not(feature = "postgres"), path = "postgres_absent.rs")]
mod postgres;
mod presence;
mod private_file;
mod readiness;
#[cfg_attr(not(feature = "sqlite"), path = "sqlite_absent.rs")]
mod sqlite;
mod statement;
mod url;
mod warm_pool;
mod work;

pub(crate) mod access;
pub(crate) mod assignments;
pub(crate) mod audit;
pub(crate) mod connection_tests;
pub(crate) mod directories;
pub(crate) mod group_mappings;
pub(crate) mod groups;
pub(crate) mod providers;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod syncs;
pub(crate) mod tenants;
pub(crate) mod users;

pub(crate) use conn::{AnyRow, Conn, Read, Tx, on};
pub use connect::HostPool;
pub(crate) use connect::Store;
pub use error::StoreError;
pub(crate) use error::{StoreResult, UniqueKey, corrupt};
pub(crate) use health::Readiness;
pub(crate) use options::DatabaseOptions;
pub use options::SqliteSynchronous;
pub(crate) use presence::Presence;
pub(crate) use statement::{Lock, ReachColumns, is_kept, offset, page_end, text_list};
#[cfg(any(feature = "cli", test))]
pub(crate) use url::DatabaseUrl;
pub(crate) use url::InvalidDatabaseUrl;
pub(crate) use work::Work;
