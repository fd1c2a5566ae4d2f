//! How long sessions of users last, as the binary is set.

use sqlx::{Connection, Executor, sqlite::SqliteConnectOptions, sqlite::SqliteConnection};

use super::{Deployment, server::Server};

#[tokio::test]
async fn sessions_end_after_the_idle_minutes_that_are_set() {
    let deployment = Deployment::new();
    deployment.succeed(&["migrate"]);
    // A session that was last used an hour ago. Whose it is does not matter.
    let options = SqliteConnectOptions::new().filename(deployment.path("vestibule.db")).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
    let insert = "INSERT INTO vestibule_user_sessions \
        (id, hash, user_id, idp_id, created_at, last_seen_at, expires_at, user_agent) \
        SELECT randomblob(16), 'hash', randomblob(16), randomblob(16), at, at, at + 86400000000, '' \
        FROM (SELECT (unixepoch() - 3600) * 1000000 AS at)";
    connection.execute(insert).await.expect("a row");
    connection.close().await.expect("an end");
    let sessions = async || deployment.texts("SELECT hash FROM vestibule_user_sessions").await.len();
    assert_eq!(sessions().await, 1);
    // Expired sessions are removed at the start.
    let server = Server::start_with(&deployment, &[("VESTIBULE_USER_SESSIONS_IDLE_MINUTES", "30")]);
    while sessions().await > 0 {
        tokio::task::yield_now().await;
    }
    assert!(server.stop());
}
