//! How a database of Vestibule's own is opened.

use std::time::Duration;

/// When SQLite flushes changes to the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SqliteSynchronous {
    /// The file stays intact; the last changes before a power loss may be gone. A process that is killed loses nothing.
    #[default]
    Normal,
    /// A power loss loses nothing that was answered as stored; each change waits for a flush of the disk.
    Full,
}

/// The text is neither `normal` nor `full`.
#[cfg(feature = "cli")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither normal nor full")]
pub(crate) struct UnknownSynchronous(String);

impl SqliteSynchronous {
    /// The name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Full => "full",
        }
    }

    /// Parses a setting. Hosts choose a variant.
    #[cfg(feature = "cli")]
    pub(crate) fn parse(text: &str) -> Result<Self, UnknownSynchronous> {
        let all = [Self::Normal, Self::Full];
        all.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownSynchronous(text.to_owned()))
    }
}

#[cfg(feature = "sqlite")]
impl From<SqliteSynchronous> for sqlx::sqlite::SqliteSynchronous {
    fn from(synchronous: SqliteSynchronous) -> Self {
        match synchronous {
            SqliteSynchronous::Normal => Self::Normal,
            SqliteSynchronous::Full => Self::Full,
        }
    }
}

/// How a database of Vestibule's own is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DatabaseOptions {
    pub(crate) synchronous: SqliteSynchronous,
    /// How long a change waits for this process's other changes to an SQLite file, and then for another process.
    pub(crate) sqlite_wait: Duration,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self { synchronous: SqliteSynchronous::default(), sqlite_wait: Duration::from_secs(5) }
    }
}
