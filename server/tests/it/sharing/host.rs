//! A host application with tables and migrations of its own in the same database.

use std::{borrow::Cow, sync::Arc};

use serde_json::json;
use sqlx::{
    PgPool, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
    postgres::PgPoolOptions,
    sqlite::{SqliteJournalMode, SqlitePoolOptions},
};
use vestibule::{
    BuildError, HostPool, Vestibule,
    domain::actor::{Actor, Role},
};

use crate::support::{ALL, PASSWORD, TestApp, TestClock, TestDatabase, app::builder};

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    /// A host's pool with a single connection: anyone who takes two at once would wait forever.
    async fn open(database: &TestDatabase) -> Self {
        if database.is_postgres() {
            let pool = PgPoolOptions::new().max_connections(1).connect_with(database.postgres_options()).await;
            Self::Postgres(pool.expect("a pool"))
        } else {
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(database.sqlite_options()).await;
            Self::Sqlite(pool.expect("a pool"))
        }
    }

    fn of_host(&self) -> HostPool {
        match self {
            Self::Sqlite(pool) => pool.clone().into(),
            Self::Postgres(pool) => pool.clone().into(),
        }
    }

    /// The host's own migrations, with versions below and above Vestibule's and the usual history table.
    async fn migrate_host(&self) {
        let migration = |version, sql: &'static str| {
            let (kind, description) = (MigrationType::Simple, Cow::Borrowed("host"));
            Migration::new(version, description, kind, sqlx::SqlStr::from_static(sql), false)
        };
        let migrations = vec![
            migration(1, "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"),
            migration(20_990_101_000_000, "CREATE TABLE tenants (id BIGINT PRIMARY KEY)"),
        ];
        let migrator = Migrator::with_migrations(migrations);
        match self {
            Self::Sqlite(pool) => migrator.run(pool).await.expect("the host's migrations"),
            Self::Postgres(pool) => migrator.run(pool).await.expect("the host's migrations"),
        }
    }

    async fn start_vestibule(&self) -> Result<Vestibule, BuildError> {
        builder(&TestClock::default()).pool(self.of_host()).base_url("https://id.example.com/sso").build().await
    }
}

/// Both histories are complete, and both sets of tables are there.
async fn check(database: &TestDatabase) {
    assert_eq!(database.texts("SELECT description FROM _sqlx_migrations").await, ["host", "host"]);
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).expect("a folder");
    assert_eq!(database.texts("SELECT description FROM vestibule_migrations").await.len(), migrations.count());
    for table in ["users", "tenants"] {
        database.texts(&format!("SELECT CAST(id AS TEXT) FROM {table}")).await;
    }
    assert_eq!(database.texts("SELECT slug FROM vestibule_tenants").await, ["default"]);
}

#[tokio::test]
async fn the_host_migrates_first() {
    let database = TestDatabase::fresh().await;
    let pool = Pool::open(&database).await;
    pool.migrate_host().await;
    pool.start_vestibule().await.expect("an instance");
    check(&database).await;
    pool.migrate_host().await;
    pool.start_vestibule().await.expect("a second start");
}

#[tokio::test]
async fn vestibule_migrates_first() {
    let database = TestDatabase::fresh().await;
    let pool = Pool::open(&database).await;
    pool.start_vestibule().await.expect("an instance");
    pool.migrate_host().await;
    check(&database).await;
    pool.start_vestibule().await.expect("a second start");
}

#[tokio::test]
async fn every_table_of_ours_says_so_by_its_name() {
    let app = TestApp::start().await;
    let sql = if app.database.is_postgres() {
        "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = 'public' UNION ALL \
         SELECT indexname::TEXT FROM pg_indexes WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    };
    let names = app.database.texts(sql).await;
    assert!(names.len() > 10);
    for name in names {
        assert!(name.starts_with("vestibule_"), "{name}");
    }
}

#[tokio::test]
async fn one_connection_of_the_host_is_enough_for_everything() {
    let database = Arc::new(TestDatabase::fresh().await);
    let pool = Pool::open(&database).await;
    let base_url = "https://id.example.com/sso".parse().expect("a URL");
    let host_pool = pool.of_host();
    let app = TestApp::try_over(database, TestClock::default(), base_url, |builder| builder.pool(host_pool)).await;
    let app = app.expect("an instance");
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let change = json!({"current": PASSWORD, "new": "another long password"});
    let admin = admin.after(&app.call(&admin, "session/change-password", change).await);
    app.clock.advance(120);
    let provider = app.create("Okta").await;
    let change = json!({"id": provider.id, "version": 1, "change": {"label": "New name"}});
    app.call(&admin, "providers/update", change.clone()).await.expect(200);
    app.call(&admin, "providers/update", change).await.expect(409);
    app.call(&admin, "providers/get", json!({"id": provider.id})).await.expect(200);
    app.call(&admin, "providers/delete", json!({"id": provider.id})).await.expect(200);
    let token = app.token(Role::PlatformAdmin).await;
    app.get("/api/identity-providers/", Some(&format!("Token {token}"))).await.expect(200);
    app.get("/readyz", None).await.expect(200);
    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    assert!(log.total >= 6);
}

#[tokio::test]
async fn a_pool_that_lacks_settings_is_refused_with_their_names() {
    let database = TestDatabase::sqlite();
    let short = std::time::Duration::from_millis(10);
    let options = database.sqlite_options();
    for (options, named) in [
        (options.clone().foreign_keys(false), vec!["foreign_keys"]),
        (options.clone().journal_mode(SqliteJournalMode::Delete), vec!["journal_mode"]),
        (options.clone().busy_timeout(short), vec!["busy_timeout"]),
        (
            options.foreign_keys(false).journal_mode(SqliteJournalMode::Delete).busy_timeout(short),
            vec!["foreign_keys", "journal_mode", "busy_timeout"],
        ),
    ] {
        let pool = SqlitePoolOptions::new().connect_with(options).await.expect("a pool");
        let refused = Pool::Sqlite(pool.clone()).start_vestibule().await.map(|_| ()).expect_err("it lacks something");
        let BuildError::Store(reason) = refused else { panic!("{refused:?}") };
        let reason = reason.to_string();
        for setting in ["foreign_keys", "journal_mode", "busy_timeout"] {
            assert_eq!(reason.contains(setting), named.contains(&setting), "{reason}");
        }
        pool.close().await;
    }
}
