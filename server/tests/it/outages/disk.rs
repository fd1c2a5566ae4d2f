//! No room for an SQLite file: by SQLite's own limit, and on a file system that is full.

use std::{fs, path::Path, sync::Arc};

use sqlx::{
    Executor, Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::doors::Doors;
use crate::support::{TestApp, TestClock, TestDatabase};

/// A host's pool of a single connection, which a test gives no room.
async fn app_over_a_pool() -> (Doors, SqlitePool) {
    let database = Arc::new(TestDatabase::sqlite());
    let options: SqliteConnectOptions = database.sqlite_options();
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a pool");
    let hosts = pool.clone();
    let app = TestApp::over(database, TestClock::default(), |builder| builder.pool(hosts)).await;
    (Doors::of(app).await, pool)
}

/// Leaves the connection no room beyond what the file has.
async fn fill(pool: &SqlitePool) {
    let mut connection = pool.acquire().await.expect("the connection");
    // Free pages are room too.
    connection.execute("VACUUM").await.expect("a smaller file");
    let pages: i64 = connection.fetch_one("PRAGMA page_count").await.expect("a number").get(0);
    let limit = format!("PRAGMA max_page_count = {pages}");
    connection.execute(sqlx::AssertSqlSafe(limit)).await.expect("a limit");
}

#[tokio::test]
async fn a_full_database_is_reported_at_every_door_and_takes_changes_again_once_there_is_room() {
    let (doors, pool) = app_over_a_pool().await;
    for _ in 0..2 {
        fill(&pool).await;
        // What fits into the pages that are there is stored; soon nothing fits any more.
        let mut answers = doors.write().await;
        while answers[0].status != 503 {
            // The connection may have been thrown away with its limit.
            fill(&pool).await;
            answers = doors.write().await;
        }
        assert!(answers[0].text().contains("disk is full"), "{}", answers[0].text());
        for answer in doors.read().await {
            assert_eq!(answer.status, 200, "{}: {}", answer.what, answer.text());
        }
        fill(&pool).await;
        doors.not_ready("disk is full").await;
        let mut connection = pool.acquire().await.expect("the connection");
        connection.execute("PRAGMA max_page_count = 1000000").await.expect("no limit");
        drop(connection);
        doors.until_ready().await;
        doors.work().await;
    }
}

/// The transaction that could not be stored is nowhere, in particular not open in a connection of the host.
#[tokio::test]
async fn a_connection_in_the_middle_of_a_transaction_does_not_go_back_to_the_host() {
    let (doors, pool) = app_over_a_pool().await;
    fill(&pool).await;
    let mut answers = doors.write().await;
    while answers[0].status != 503 {
        fill(&pool).await;
        answers = doors.write().await;
    }
    for _ in 0..10 {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.expect("no transaction is open");
        transaction.execute("UPDATE vestibule_tenants SET name = name").await.expect("a change");
        transaction.commit().await.expect("stored");
    }
    // The host may leave its own in such a state too.
    let mut connection = pool.acquire().await.expect("the connection");
    connection.execute("BEGIN").await.expect("a transaction that is left open");
    drop(connection);
    doors.work().await;
}

/// A file system of two megabytes that is gone with the test.
struct Small(tempfile::TempDir);

impl Small {
    /// Nothing where this user may not mount.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=3m", "none"]).arg(folder.path());
        let done = mount.output().is_ok_and(|output| output.status.success());
        done.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self) {
        // As much as there is; the last piece does not fit.
        let mut size = 64 * 1024;
        let mut number = 0;
        while size > 0 {
            number += 1;
            if fs::write(self.path().join(format!("filler-{number}")), vec![1_u8; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn free(&self) {
        for entry in fs::read_dir(self.path()).expect("the folder").flatten() {
            if entry.file_name().to_string_lossy().starts_with("filler-") {
                fs::remove_file(entry.path()).expect("removed");
            }
        }
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // The folder is removed after it.
        let _ = std::process::Command::new("umount").arg("--lazy").arg(self.path()).output();
    }
}

/// Where nobody may mount, the tests above stand for this one.
#[tokio::test]
async fn a_full_file_system_is_reported_at_every_door_and_takes_changes_again_once_there_is_room() {
    let Some(small) = Small::mount() else { return };
    let url = format!("sqlite:{}", small.path().join("vestibule.db").display());
    let database = Arc::new(TestDatabase::sqlite());
    let app = TestApp::over(database, TestClock::default(), |builder| builder.database_url(url)).await;
    let doors = Doors::of(app).await;
    for _ in 0..2 {
        small.fill();
        // The journal has some room of its own, and what is small fits where something larger did not.
        while doors.write().await.iter().any(|answer| answer.status != 503) {}
        doors.no_writing("full", "disk is full").await;
        for answer in doors.read().await {
            assert_eq!(answer.status, 200, "{}: {}", answer.what, answer.text());
        }
        small.free();
        doors.until_ready().await;
        doors.work().await;
    }
}
