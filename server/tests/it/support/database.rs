//! A fresh database for each test: SQLite in a temporary folder, or PostgreSQL when `VESTIBULE_TEST_POSTGRES` names a
//! cluster (`scripts/postgres` starts one).

use std::path::{Path, PathBuf};

use sqlx::{
    Connection, Executor, Row,
    postgres::{PgConnectOptions, PgConnection},
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode},
};
use url::Url;
use uuid::Uuid;
use vestibule::domain::id::{TenantId, UserId};

use super::template;

/// A database that is gone when it is dropped.
pub(crate) struct TestDatabase {
    place: Place,
    url: String,
}

enum Place {
    Sqlite(tempfile::TempDir),
    Postgres { cluster: Box<PgConnectOptions>, name: String },
}

impl TestDatabase {
    /// An empty database of the kind that this run is about, without a table.
    pub(crate) async fn fresh() -> Self {
        match cluster_url() {
            Some(cluster) => Self::in_cluster(cluster, "template1").await,
            None => Self::sqlite(),
        }
    }

    /// A database of the kind that this run is about, with every migration and nothing else.
    pub(crate) async fn migrated() -> Self {
        if let Some(cluster) = cluster_url() {
            let template = template::in_cluster(&cluster.as_str().parse().expect("a PostgreSQL address")).await;
            return Self::in_cluster(cluster, template).await;
        }
        let this = Self::sqlite();
        std::fs::copy(template::file().await, this.path()).expect("a copy");
        this
    }

    async fn in_cluster(cluster_url: Url, template: &str) -> Self {
        let cluster: Box<PgConnectOptions> = Box::new(cluster_url.as_str().parse().expect("a PostgreSQL address"));
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = connect_postgres(&cluster).await;
        // Four times as fast as writing the copy into the log of a cluster that flushes nothing.
        let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
        connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a new database");
        let mut url = cluster_url;
        url.set_path(&name);
        Self { place: Place::Postgres { cluster, name }, url: url.into() }
    }

    /// An empty SQLite database, for tests about its file.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("vestibule.db").display());
        Self { place: Place::Sqlite(folder), url }
    }

    /// The address, as the product takes it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    /// The file of an SQLite database.
    pub(crate) fn path(&self) -> PathBuf {
        match &self.place {
            Place::Sqlite(folder) => folder.path().join("vestibule.db"),
            Place::Postgres { .. } => panic!("PostgreSQL has no file"),
        }
    }

    /// How a host application would open the SQLite file.
    pub(crate) fn sqlite_options(&self) -> SqliteConnectOptions {
        sqlite_options(&self.path())
    }

    /// How a host application would open the PostgreSQL database.
    pub(crate) fn postgres_options(&self) -> PgConnectOptions {
        match &self.place {
            Place::Postgres { cluster, name } => cluster.as_ref().clone().database(name),
            Place::Sqlite(_) => panic!("SQLite has no server"),
        }
    }

    /// Runs a statement behind the product's back.
    pub(crate) async fn execute(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        if self.is_postgres() {
            let mut connection = connect_postgres(&self.postgres_options()).await;
            connection.execute(sql).await.expect("a statement");
            connection.close().await.expect("an end");
        } else {
            let mut connection = SqliteConnection::connect_with(&self.sqlite_options()).await.expect("a connection");
            connection.execute(sql).await.expect("a statement");
            connection.close().await.expect("an end");
        }
    }

    /// The texts of a query's first column; null ones are empty.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let query = sqlx::AssertSqlSafe(sql.to_owned());
        if self.is_postgres() {
            let mut connection = connect_postgres(&self.postgres_options()).await;
            let rows = connection.fetch_all(query).await.expect("rows");
            rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
        } else {
            let mut connection = SqliteConnection::connect_with(&self.sqlite_options()).await.expect("a connection");
            let rows = connection.fetch_all(query).await.expect("rows");
            rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
        }
    }

    /// A user behind the product's back, for tests that are not about where users come from.
    pub(crate) async fn insert_user(&self, tenant: TenantId, username: &str) -> UserId {
        let id = Uuid::now_v7();
        let literal = |id: Uuid| if self.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
        let sql = format!(
            "INSERT INTO vestibule_users (id, tenant_id, username, username_folded, email, email_folded, \
             email_verified, fields, active, search_text, created_at, version) VALUES ({}, {}, '{username}', \
             '{username}', '{username}@example.com', '{username}@example.com', FALSE, '{{}}', TRUE, '{username}', 1, 1)",
            literal(id),
            literal(tenant.0)
        );
        self.execute(&sql).await;
        UserId(id)
    }

    /// A tenant behind the product's back, for tests that are not about tenants.
    pub(crate) async fn insert_tenant(&self, slug: &str, partner: Option<&str>) -> TenantId {
        let id = Uuid::now_v7();
        let id_text = if self.is_postgres() { format!("'{id}'") } else { format!("X'{}'", id.simple()) };
        let partner = partner.map_or_else(|| "NULL".to_owned(), |partner| format!("'{partner}'"));
        let sql = format!(
            "INSERT INTO vestibule_tenants (id, slug, name, partner, status, search_text, created_at) \
             VALUES ({id_text}, '{slug}', 'Tenant {slug}', {partner}, 'active', 'tenant {slug}', 1)"
        );
        self.execute(&sql).await;
        TenantId(id)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { cluster, name } = &self.place else { return };
        let (cluster, drop) = (cluster.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // The test's own runtime may be ending, so another one does it.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let mut connection = connect_postgres(&cluster).await;
                // The cluster goes away as a whole soon, so a failure leaves nothing behind.
                let _ = connection.execute(sqlx::AssertSqlSafe(drop)).await;
            });
        });
        let _ = thread.join();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is reported by its environment which database to use")]
fn cluster_url() -> Option<Url> {
    let url = std::env::var("VESTIBULE_TEST_POSTGRES").ok()?;
    Some(url.parse().expect("VESTIBULE_TEST_POSTGRES is a URL"))
}

/// How a host application would open an SQLite file.
pub(super) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::from_secs(10))
}

async fn connect_postgres(options: &PgConnectOptions) -> PgConnection {
    PgConnection::connect_with(options).await.expect("a connection to PostgreSQL")
}
