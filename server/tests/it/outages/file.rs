//! An SQLite file that somebody else holds, moves, replaces or damages.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt as _,
    sync::Arc,
    time::Duration,
};

use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::doors::Doors;
use crate::support::{TestApp, TestClock, TestDatabase};

async fn start() -> Doors {
    let database = Arc::new(TestDatabase::sqlite());
    // What the product waits is too long for a test.
    let wait = Duration::from_millis(200);
    Doors::of(TestApp::over(database, TestClock::default(), |builder| builder.sqlite_wait(wait)).await).await
}

#[tokio::test]
async fn a_file_that_another_process_holds_is_read_and_changed_again_as_soon_as_it_lets_go() {
    let doors = start().await;
    let mut other = SqliteConnection::connect_with(&doors.app.database.sqlite_options()).await.expect("a connection");
    for _ in 0..2 {
        other.execute("BEGIN IMMEDIATE").await.expect("the write lock");
        doors.no_writing("locked", "is locked by another process").await;
        for answer in doors.read().await {
            assert_eq!(answer.status, 200, "{}: {}", answer.what, answer.text());
        }
        other.execute("COMMIT").await.expect("let go");
        doors.until_ready().await;
        doors.work().await;
    }
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_moved_away_or_replaced() {
    let doors = start().await;
    let path = doors.app.database.path();
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).expect("moved");
    doors.nothing("replaced", "was moved, removed or replaced").await;
    fs::copy(&aside, &path).expect("another one in its place");
    doors.nothing("replaced", "was moved, removed or replaced").await;
    fs::rename(&aside, &path).expect("back");
    doors.until_ready().await;
    doors.work().await;
}

#[tokio::test]
async fn a_damaged_file_is_no_fault_of_the_program() {
    let doors = start().await;
    doors.app.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let file = OpenOptions::new().write(true).open(doors.app.database.path()).expect("the file");
    let length = file.metadata().expect("its length").len();
    // The first page says that it is a database; what others were read before may be remembered.
    for page in 1..length / 4096 {
        file.write_all_at(&[0xff; 4096], page * 4096).expect("damaged");
    }
    // Anyone who changed the file makes others read it again.
    let answers =
        doors.send("POST", "/api/v1/admin/tenants/", Some(serde_json::json!({"name": "A", "slug": "a"}))).await;
    let damaged = answers.expect(503);
    assert!(damaged["detail"].as_str().is_some_and(|text| text.contains("is damaged")), "{damaged}");
}
