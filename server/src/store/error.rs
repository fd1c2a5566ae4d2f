//! Errors of the database.

use std::fmt::Display;

use vestibule_app::domain::problem::DatabaseFault;

use super::fault::fault_of;

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or could not be reached.
    #[error("database error")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be run.
    #[error("migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be used at the moment.
    #[error("the database cannot be used: {}", .0.reason())]
    Fault(DatabaseFault),
    /// A stored value cannot be read.
    #[error("{table}.{column} of row {row} cannot be read: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's identifier.
        row: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The host application's pool lacks a setting that Vestibule relies on.
    #[error("{0}")]
    Unsuitable(String),
    /// `sslmode=verify-ca` verifies certificates with the cryptography provider of the process, which has none.
    #[error(
        "sslmode=verify-ca needs a cryptography provider of the process: install one with rustls' \
         `CryptoProvider::install_default` before `build`, or use sslmode=verify-full"
    )]
    NoCryptoProvider,
    /// The database file could not be created.
    #[error("{path} cannot be created")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

pub(crate) type StoreResult<T> = Result<T, StoreError>;

/// A stored value that cannot be read.
pub(crate) fn corrupt(
    table: &'static str,
    column: &'static str,
    row: impl Display,
    reason: impl Display,
) -> StoreError {
    StoreError::Corrupt { table, column, row: row.to_string(), reason: reason.to_string() }
}

/// Which uniqueness a write violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UniqueKey {
    ProviderSlug,
    ProviderName,
    AdministratorEmail,
    TenantSlug,
    GroupName,
    GroupMappingPair,
    UserName,
    UserEmail,
    IdentityLink,
    UsedStart,
}

/// PostgreSQL names the index, SQLite the columns. This table is the one place that knows both.
const UNIQUE_KEYS: [(UniqueKey, &[&str], &str); 11] = [
    (UniqueKey::ProviderSlug, &["vestibule_idp_slug"], "vestibule_identity_providers.slug"),
    (
        UniqueKey::ProviderName,
        &["vestibule_idp_platform_name", "vestibule_idp_tenant_name"],
        "vestibule_identity_providers.name",
    ),
    (UniqueKey::AdministratorEmail, &["vestibule_administrators_email"], "vestibule_administrators.email"),
    (UniqueKey::TenantSlug, &["vestibule_tenants_slug"], "vestibule_tenants.slug"),
    (UniqueKey::GroupName, &["vestibule_groups_name"], "vestibule_groups.tenant_id, vestibule_groups.name"),
    (
        UniqueKey::GroupMappingPair,
        &["vestibule_group_mappings_pair"],
        "vestibule_group_mappings.external_group_id, vestibule_group_mappings.internal_group_id",
    ),
    (UniqueKey::UserName, &["vestibule_users_username"], "vestibule_users.tenant_id, vestibule_users.username_folded"),
    (UniqueKey::UserEmail, &["vestibule_users_email"], "vestibule_users.tenant_id, vestibule_users.email_folded"),
    (
        UniqueKey::IdentityLink,
        &["vestibule_identity_links_key"],
        "vestibule_identity_links.tenant_id, vestibule_identity_links.idp_id, vestibule_identity_links.key_hash",
    ),
    (
        UniqueKey::IdentityLink,
        &["vestibule_identity_links_subject"],
        "vestibule_identity_links.tenant_id, vestibule_identity_links.idp_id, vestibule_identity_links.subject_hash",
    ),
    (UniqueKey::UsedStart, &["vestibule_used_starts_pkey"], "vestibule_used_starts.start_id"),
];

impl StoreError {
    /// Why the database cannot be used at the moment, when that is what happened.
    pub(crate) fn fault(&self) -> Option<DatabaseFault> {
        match self {
            Self::Database(error) | Self::Migration(sqlx::migrate::MigrateError::Execute(error)) => fault_of(error),
            Self::Fault(fault) => Some(*fault),
            Self::Migration(_)
            | Self::Corrupt { .. }
            | Self::Unsuitable(_)
            | Self::NoCryptoProvider
            | Self::File { .. } => None,
        }
    }

    /// Whether the database cannot be used at the moment, so that the same statements fail again. Transactions that got in
    /// each other's way do not count: one of the two may go on.
    pub(crate) fn is_unavailable(&self) -> bool {
        const CONFLICTS: [&str; 2] = ["40P01", "40001"];
        let is_conflict = match self {
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| CONFLICTS.contains(&code.as_ref()))
            }
            _ => false,
        };
        !is_conflict && self.fault().is_some()
    }

    /// Whether a table does not exist (yet). PostgreSQL has a code for it, SQLite a message.
    pub(crate) fn is_missing_table(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
    }

    /// Whether a text holds the one character that PostgreSQL stores nowhere: NUL.
    pub(crate) fn is_unstorable_text(&self) -> bool {
        const CHARACTER_NOT_IN_REPERTOIRE: &str = "22021";
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == CHARACTER_NOT_IN_REPERTOIRE)
    }

    /// Whether another transaction stored or removed meanwhile what this one met, so that it has another outcome now.
    pub(crate) fn is_overtaken(&self) -> bool {
        self.unique_key().is_some() || matches!(self, Self::Database(sqlx::Error::RowNotFound))
    }

    /// Which uniqueness was violated, when that is what happened.
    pub(crate) fn unique_key(&self) -> Option<UniqueKey> {
        let Self::Database(sqlx::Error::Database(error)) = self else { return None };
        if !error.is_unique_violation() {
            return None;
        }
        let known = UNIQUE_KEYS.iter().find(|(_, indexes, columns)| match error.constraint() {
            Some(index) => indexes.contains(&index),
            None => error.message().ends_with(columns),
        });
        known.map(|(key, ..)| *key)
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use sqlx::{ConnectOptions as _, Executor as _, sqlite::SqliteConnectOptions};

    use super::*;

    #[tokio::test]
    async fn keys_of_several_columns_are_recognised() {
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(false);
        let mut connection = options.connect().await.expect("a database");
        connection.execute(include_str!("../../migrations/sqlite/20261130000001_sign_ins.sql")).await.expect("tables");
        for (insert, key) in [
            ("INSERT INTO vestibule_used_starts VALUES (x'01', 1)", UniqueKey::UsedStart),
            (
                "INSERT INTO vestibule_identity_links SELECT randomblob(16), x'01', x'02', 'i', 'c', 'v', 's', 'k', \
                 hex(randomblob(8)), NULL, 1, 1",
                UniqueKey::IdentityLink,
            ),
            (
                "INSERT INTO vestibule_identity_links SELECT randomblob(16), x'01', x'02', 'i', 'c', 'v', 's', \
                 hex(randomblob(8)), 's', NULL, 1, 1",
                UniqueKey::IdentityLink,
            ),
        ] {
            connection.execute(insert).await.expect("a row");
            let error = StoreError::from(connection.execute(insert).await.expect_err("a second row"));
            assert_eq!(error.unique_key(), Some(key), "{error:?}");
        }
    }
}
