//! Whether other processes serve from the same SQLite file.
//!
//! A process that serves holds a lock on a file beside the database, and the operating system lets go of it when the
//! process ends, however it ends. A process that gets the lock exclusively knows that all other processes the database lists
//! as running are dead (docs/adr/0015-who-is-gone.md).

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use super::{Store, private_file::private_file};

/// What is appended to the database's name.
const SUFFIX: &str = "-serving";

/// Held for as long as this process serves.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    _file: Option<File>,
}

/// A process that begins to serve.
#[derive(Debug)]
pub(crate) struct Arrival {
    file: Option<File>,
    is_alone: bool,
}

impl Store {
    /// Looks whether others serve from the same file. Until [`Arrival::stay`], no other process finds itself alone.
    pub(crate) fn arrive(&self) -> Arrival {
        let Some(path) = self.sqlite_path() else { return Arrival { file: None, is_alone: false } };
        let attempt = open(path).and_then(|file| match file.try_lock() {
            Ok(()) => Ok(Arrival { file: Some(file), is_alone: true }),
            Err(TryLockError::WouldBlock) => Ok(Arrival { file: Some(file), is_alone: false }),
            Err(TryLockError::Error(error)) => Err(error),
        });
        attempt.unwrap_or_else(|error| {
            // Dead processes are noticed when their leases expire, as on PostgreSQL.
            tracing::warn!(%error, "could not find out whether other processes serve from the database file");
            Arrival { file: None, is_alone: false }
        })
    }
}

impl Arrival {
    /// Whether no other process serves.
    pub(crate) const fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Goes on beside others that come.
    pub(crate) async fn stay(self) -> Presence {
        let Self { file, is_alone } = self;
        let Some(file) = file else { return Presence::default() };
        // To wait for another process that arrives takes a moment at most, and a thread of its own.
        let shared = tokio::task::spawn_blocking(move || {
            if is_alone {
                file.unlock()?;
            }
            file.lock_shared()?;
            Ok::<_, std::io::Error>(file)
        });
        match shared.await {
            Ok(Ok(file)) => Presence { _file: Some(file) },
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot show other processes that this one serves from the database file");
                Presence::default()
            }
            Err(_) => Presence::default(),
        }
    }
}

fn open(database: &Path) -> std::io::Result<File> {
    // By whatever name the database was given.
    let mut path = database.canonicalize()?.into_os_string();
    path.push(SUFFIX);
    private_file().create(true).truncate(false).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DatabaseOptions, DatabaseUrl};

    async fn store(path: &Path) -> Store {
        let url = DatabaseUrl::Sqlite(path.to_owned());
        Store::connect(&url, DatabaseOptions::default()).await.expect("a database")
    }

    #[tokio::test]
    async fn the_first_process_is_alone_until_it_stays_and_a_later_one_when_all_are_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("v.db");
        let first = store(&path).await.arrive();
        assert!(first.is_alone());
        let second = store(&path).await.arrive();
        assert!(!second.is_alone());
        let (first, second) = tokio::join!(first.stay(), second.stay());
        // By another name of the same file.
        let alias = folder.path().join("alias.db");
        std::os::unix::fs::symlink(&path, &alias).expect("a link");
        assert!(!store(&alias).await.arrive().is_alone());
        drop(first);
        assert!(!store(&path).await.arrive().is_alone());
        drop(second);
        assert!(store(&path).await.arrive().is_alone());
    }
}
