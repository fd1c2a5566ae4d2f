//! Where the database is, as settings name it.

use std::{path::PathBuf, str::FromStr};

use super::postgres::PgConnectOptions;

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) enum DatabaseUrl {
    /// A file, `sqlite:PATH`.
    Sqlite(PathBuf),
    /// A server, `postgres://…`. The text may hold a password.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "its options have no values"))]
    Postgres(Box<PgConnectOptions>),
}

/// The text is no database URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a database URL: {0}; expected sqlite:PATH or postgres://USER@HOST/DATABASE")]
pub(crate) struct InvalidDatabaseUrl(String);

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            if !cfg!(feature = "sqlite") {
                return Err(InvalidDatabaseUrl("this build lacks the feature `sqlite`".to_owned()));
            }
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err(InvalidDatabaseUrl("SQLite needs a file".to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            #[cfg(not(feature = "postgres"))]
            return Err(InvalidDatabaseUrl("this build lacks the feature `postgres`".to_owned()));
            // The parser's message could repeat the password, so it is not passed on.
            #[cfg(feature = "postgres")]
            return PgConnectOptions::from_str(text)
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_| InvalidDatabaseUrl("the PostgreSQL address cannot be read".to_owned()));
        }
        let scheme = text.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
        Err(InvalidDatabaseUrl(format!("{scheme:?} is not supported")))
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
