//! How an instance ends, and what an application reads when it cannot begin.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};
use vestibule::{BuildError, Builder, Secret, Vestibule, domain::actor::Actor};

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
    let vestibule = built.expect("an instance");
    vestibule.close().await;
    assert!(!pool.is_closed());
    assert!(sqlx::query("SELECT 1").execute(&pool).await.is_ok());
    let providers = || {
        let page = vestibule::domain::page::PageRequest::numbered(1, 10);
        let services = vestibule.services();
        async move { services.providers.list(&Actor::host("test"), &Default::default(), Default::default(), page).await }
    };
    assert!(providers().await.is_ok());
    pool.close().await;
    assert!(providers().await.is_err());
}

#[tokio::test]
async fn a_database_that_needs_a_cryptography_provider_of_the_process_is_rejected_before_it_is_called() {
    // No server is there.
    let url = "postgres://vestibule@127.0.0.1:1/vestibule?sslmode=verify-ca";
    let built = builder(&TestClock::default()).database_url(url).base_url("https://id.example.com").build().await;
    let error = built.map(|_| ()).expect_err("no provider is installed");
    assert_eq!(
        error.to_string(),
        "the database cannot be used: sslmode=verify-ca needs a cryptography provider of the process: install one with \
         rustls' `CryptoProvider::install_default` before `build`, or use sslmode=verify-full"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_reported_once() {
    let url = "postgres://vestibule@127.0.0.1:1/vestibule";
    let built = builder(&TestClock::default()).database_url(url).base_url("https://id.example.com").build().await;
    let message = built.map(|_| ()).expect_err("no server is there").to_string();
    assert!(message.starts_with("the database cannot be used: database error: "), "{message}");
    let fault = vestibule::StoreError::Fault(vestibule::domain::problem::DatabaseFault::Full);
    assert_eq!(BuildError::from(fault).to_string(), "the database cannot be used: its disk is full");
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
