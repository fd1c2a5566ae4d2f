//! Migrations, with a history table of their own so that a host application's migrations are not disturbed.

use sqlx::migrate::Migrator;

use super::{
    Store, StoreError, StoreResult,
    conn::{Conn, on},
    connect::Backend,
};

impl Store {
    /// Runs what is missing of the migrations.
    ///
    /// # Errors
    /// When a migration fails, or the database was migrated by a newer version.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.migrate")]
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        match &self.backend {
            Backend::Sqlite(file) => file.migrate(sqlite_migrations()).await,
            Backend::Postgres(server) => server.migrate(postgres_migrations()).await,
        }
    }

    /// Whether the database answers and has every migration of this version.
    ///
    /// # Errors
    /// When it does not answer.
    #[tracing::instrument(level = "debug", skip_all, name = "store.database.is_migrated")]
    pub(crate) async fn is_migrated(&self) -> Result<bool, StoreError> {
        is_complete(self).await
    }
}

const HISTORY: &str = "vestibule_migrations";

fn with_own_history(mut migrator: Migrator) -> Migrator {
    migrator.dangerous_set_table_name(HISTORY);
    migrator
}

fn sqlite_migrations() -> Migrator {
    with_own_history(sqlx::migrate!("./migrations/sqlite"))
}

fn postgres_migrations() -> Migrator {
    with_own_history(sqlx::migrate!("./migrations/postgres"))
}

async fn is_complete(store: &Store) -> StoreResult<bool> {
    let mut read = store.read().await?;
    let wanted = match read.conn() {
        Conn::Sqlite(_) => sqlite_migrations().migrations.len(),
        Conn::Postgres(_) => postgres_migrations().migrations.len(),
    };
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_migrations WHERE success = TRUE";
    let counted: Result<(i64,), _> = on!(read.conn(), c => sqlx::query_as(SQL).fetch_one(c).await);
    match counted {
        Ok((applied,)) => Ok(usize::try_from(applied).is_ok_and(|applied| applied >= wanted)),
        Err(error) => match StoreError::from(error) {
            // The history table is missing: reachable, but not migrated.
            error if error.is_missing_table() => Ok(false),
            error => Err(error),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_migrations() {
        let list = |migrator: Migrator| -> Vec<(i64, String)> {
            migrator.migrations.iter().map(|one| (one.version, one.description.to_string())).collect()
        };
        assert_eq!(list(sqlite_migrations()), list(postgres_migrations()));
    }
}
