//! Which errors of the drivers mean that the database cannot be used at the moment, and why. All others are our own faults.

use sqlx::migrate::MigrateError;
#[cfg(feature = "sqlite")]
use sqlx::{error::DatabaseError as _, sqlite::SqliteError};
use vestibule_app::domain::problem::DatabaseFault;

use super::StoreError;

impl StoreError {
    /// Why the database cannot be used at the moment, when that is what happened.
    pub(crate) fn fault(&self) -> Option<DatabaseFault> {
        match self {
            Self::Database(error) | Self::Migration(MigrateError::Execute(error)) => fault_of(error),
            Self::Fault(fault) => Some(*fault),
            Self::Migration(_)
            | Self::Corrupt { .. }
            | Self::Unsuitable(_)
            | Self::NoCryptoProvider
            | Self::File { .. } => None,
        }
    }
}

/// A statement that was not waited for any longer, inside of the error that the drivers have for connections.
#[derive(Debug, thiserror::Error)]
#[error("gave up waiting for a statement: {}", .0.reason())]
pub(super) struct GivenUp(pub(super) DatabaseFault);

pub(super) fn fault_of(error: &sqlx::Error) -> Option<DatabaseFault> {
    match error {
        #[cfg(feature = "sqlite")]
        sqlx::Error::Database(error) if error.try_downcast_ref::<SqliteError>().is_some() => {
            of_sqlite(error.try_downcast_ref::<SqliteError>()?)
        }
        sqlx::Error::Database(error) => of_postgres(&error.code()?),
        sqlx::Error::PoolTimedOut => Some(DatabaseFault::Busy),
        sqlx::Error::Io(error) => {
            let given_up = error.get_ref().and_then(|error| error.downcast_ref::<GivenUp>());
            Some(given_up.map_or(DatabaseFault::Unreachable, |GivenUp(fault)| *fault))
        }
        sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => Some(DatabaseFault::Unreachable),
        // The thread that works on an SQLite file is gone; the pool replaces it.
        sqlx::Error::WorkerCrashed => Some(DatabaseFault::Disk),
        _ => None,
    }
}

/// By SQLite's primary result code; its extended codes have it in the lowest byte.
#[cfg(feature = "sqlite")]
fn of_sqlite(error: &SqliteError) -> Option<DatabaseFault> {
    /// `SQLITE_READONLY_DBMOVED`
    const MOVED: i32 = 1032;
    let code: i32 = error.code()?.parse().ok()?;
    if code == MOVED {
        return Some(DatabaseFault::Replaced);
    }
    Some(match code & 0xff {
        // PERM, READONLY
        3 | 8 => DatabaseFault::ReadOnly,
        // BUSY, LOCKED, PROTOCOL
        5 | 6 | 15 => DatabaseFault::Locked,
        // IOERR
        10 => DatabaseFault::Disk,
        // CORRUPT, NOTADB
        11 | 26 => DatabaseFault::Damaged,
        // FULL
        13 => DatabaseFault::Full,
        // CANTOPEN
        14 => DatabaseFault::CannotOpen,
        _ => return None,
    })
}

/// By PostgreSQL's SQLSTATE.
fn of_postgres(code: &str) -> Option<DatabaseFault> {
    Some(match code {
        "53100" => DatabaseFault::Full,
        "25006" => DatabaseFault::ReadOnly,
        // A lock was not available in time; a deadlock; transactions that exclude each other.
        "55P03" | "40P01" | "40001" => DatabaseFault::Locked,
        // Out of memory, connections or another resource; a statement took too long.
        "53000" | "53200" | "53300" | "53400" | "57014" => DatabaseFault::Busy,
        // Unknown database, or one that does not let us in.
        "3D000" | "28000" | "28P01" => DatabaseFault::Refused,
        "XX001" | "XX002" => DatabaseFault::Damaged,
        _ if code.starts_with("58") => DatabaseFault::Disk,
        // Connection exceptions, and a server that starts or stops.
        _ if code.starts_with("08") || code.starts_with("57P") => DatabaseFault::Unreachable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_says_is_told_apart_from_faults_of_ours() {
        assert_eq!(of_postgres("53100"), Some(DatabaseFault::Full));
        assert_eq!(of_postgres("57P03"), Some(DatabaseFault::Unreachable));
        assert_eq!(of_postgres("08006"), Some(DatabaseFault::Unreachable));
        // A missing table and a violated constraint are no reason to try again later.
        assert_eq!(of_postgres("42P01"), None);
        assert_eq!(of_postgres("23505"), None);
    }
}
