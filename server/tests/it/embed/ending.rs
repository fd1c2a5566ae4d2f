//! How an instance ends, and what an application reads when it cannot begin.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};
use vestibule::{BuildError, Builder, Secret, Vestibule};

use crate::support::{KEY, TestClock, app::builder};

fn at(folder: &Path) -> Builder {
    let url = format!("sqlite:{}", folder.join("v.db").display());
    builder(&TestClock::default()).database_url(url).base_url("https://id.example.com")
}

#[tokio::test]
async fn a_closed_instance_leaves_a_whole_file_and_no_log_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("v.db-wal");
    let vestibule = at(folder.path()).build().await.expect("an instance");
    assert!(log.metadata().expect("a write-ahead log").len() > 0);
    vestibule.close().await;
    assert!(!log.exists(), "the write-ahead log stayed");
    let url = format!("sqlite:{}", folder.path().join("v.db").display());
    let mut connection = SqliteConnection::connect(&url).await.expect("the file");
    let tenants = sqlx::query_scalar("SELECT COUNT(*) FROM vestibule_tenants").fetch_one(&mut connection).await;
    assert_eq!(tenants.ok(), Some(1_i64));
    // Twice changes nothing.
    vestibule.close().await;
}

#[tokio::test]
async fn a_pool_of_the_application_stays_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("app.db"))
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::from_secs(5));
    let pool = SqlitePool::connect_with(options).await.expect("a pool");
    let built = builder(&TestClock::default()).pool(pool.clone()).base_url("https://id.example.com").build().await;
    built.expect("an instance").close().await;
    assert!(!pool.is_closed());
    assert!(sqlx::query("SELECT 1").execute(&pool).await.is_ok());
}

#[tokio::test]
async fn a_pool_that_lacks_a_setting_is_rejected_with_the_name_of_the_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = SqliteConnectOptions::new().filename(folder.path().join("app.db")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options.foreign_keys(true)).await.expect("a pool");
    let built = Vestibule::builder().pool(pool).key(Secret::new(KEY)).base_url("https://id.example.com").build().await;
    let error = built.map(|_| ()).expect_err("it lacks WAL");
    assert!(matches!(error, BuildError::Store(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the database cannot be used: the SQLite pool lacks: journal_mode = WAL \
         (SqliteConnectOptions::journal_mode(SqliteJournalMode::Wal))"
    );
}
