//! A PostgreSQL server that is gone, or of which a table is locked. On SQLite there is nothing of the kind to lose.

use std::sync::Arc;

use sqlx::{Connection as _, Executor as _, PgConnection};
use vestibule::domain::actor::Actor;

use super::{
    doors::Doors,
    proxy::{Network, Proxy},
};
use crate::support::{ALL, TestApp, TestClock, TestDatabase};

/// An instance that reaches its database over a network.
async fn over_a_network() -> Option<(Doors, Proxy)> {
    let database = Arc::new(TestDatabase::fresh().await);
    if !database.is_postgres() {
        return None;
    }
    let options = database.postgres_options();
    let folder = options.get_socket().expect("a socket").clone();
    let proxy = Proxy::start(folder.join(format!(".s.PGSQL.{}", options.get_port()))).await;
    let name = options.get_database().expect("a name");
    let url = format!("postgres://{}@127.0.0.1:{}/{name}?sslmode=disable", options.get_username(), proxy.port);
    let app = TestApp::over(database, TestClock::default(), |builder| builder.database_url(url)).await;
    Some((Doors::of(app).await, proxy))
}

#[tokio::test]
async fn a_server_that_is_gone_is_reported_at_every_door_and_found_again() {
    let Some((doors, proxy)) = over_a_network().await else { return };
    for network in [Network::Cut, Network::Swallows, Network::Cut] {
        proxy.set(network);
        doors.not_ready("does not answer").await;
        doors.nothing("unreachable", "does not answer").await;
        proxy.set(Network::Works);
        doors.until_ready().await;
        doors.work().await;
    }
}

#[tokio::test]
async fn a_statement_that_is_on_its_way_when_the_network_fails_is_given_up() {
    let Some((doors, proxy)) = over_a_network().await else { return };
    let mut other = PgConnection::connect_with(&doors.app.database.postgres_options()).await.expect("a connection");
    // So that the statement is still there when the network fails.
    other.execute("BEGIN; LOCK TABLE vestibule_groups IN ACCESS EXCLUSIVE MODE").await.expect("the table");
    let reading = doors.send("GET", "/api/v1/admin/groups/", None);
    let failing = async {
        until_waiting(&doors).await;
        proxy.set(Network::Swallows);
    };
    let (answer, ()) = tokio::join!(reading, failing);
    assert!(answer.expect(503)["detail"].as_str().is_some_and(|text| text.contains("does not answer")));
    other.execute("COMMIT").await.expect("let go");
    proxy.set(Network::Works);
    doors.until_ready().await;
    doors.work().await;
}

/// Waits until somebody waits for a lock.
async fn until_waiting(doors: &Doors) {
    let waiting =
        "SELECT pid::TEXT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while doors.app.database.texts(waiting).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_table_that_somebody_locked_holds_up_those_alone_who_need_it() {
    let app = TestApp::start().await;
    if !app.database.is_postgres() {
        return;
    }
    let doors = Doors::of(app).await;
    let mut other = PgConnection::connect_with(&doors.app.database.postgres_options()).await.expect("a connection");
    other.execute("BEGIN; LOCK TABLE vestibule_groups IN ACCESS EXCLUSIVE MODE").await.expect("the table");
    // More than there are connections: some read, some would change.
    let tenant = doors.app.default_tenant().await;
    let stuck = |number: usize| {
        let services = doors.app.services.clone();
        tokio::spawn(async move {
            let operator = Actor::operator();
            if number.is_multiple_of(2) {
                services.groups.list(&operator, &Default::default(), ALL).await.map(drop)
            } else {
                let new =
                    vestibule::domain::group::NewGroup { tenant, name: format!("Group {number}"), description: None };
                services.groups.create(&operator, new).await.map(drop)
            }
        })
    };
    let stuck: Vec<_> = (0..24).map(stuck).collect();
    until_waiting(&doors).await;
    // Everybody else is served.
    doors.app.get("/readyz", None).await.expect(200);
    for answer in doors.write().await {
        assert!((200..300).contains(&answer.status), "{}: {}", answer.what, answer.text());
    }
    doors.send("GET", "/api/identity-providers/", None).await.expect(200);
    for attempt in stuck {
        let error = attempt.await.expect("no panic").expect_err("the table is locked").to_string();
        assert!(error.contains("is locked by another") || error.contains("is busy"), "{error}");
    }
    other.execute("COMMIT").await.expect("let go");
    doors.work().await;
}

#[tokio::test]
async fn a_host_with_one_connection_learns_of_a_locked_table_and_keeps_its_connection() {
    let database = Arc::new(TestDatabase::fresh().await);
    if !database.is_postgres() {
        return;
    }
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let pool = pool.connect_with(database.postgres_options()).await.expect("a pool");
    let hosts = pool.clone();
    let app = TestApp::over(database, TestClock::default(), |builder| builder.pool(hosts)).await;
    let doors = Doors::of(app).await;
    let mut other = PgConnection::connect_with(&doors.app.database.postgres_options()).await.expect("a connection");
    other.execute("BEGIN; LOCK TABLE vestibule_tenants IN ACCESS EXCLUSIVE MODE").await.expect("the table");
    let body = serde_json::json!({"name": "A", "slug": "a"});
    let answer = doors.send("POST", "/api/v1/admin/tenants/", Some(body)).await.expect(503);
    assert!(answer["detail"].as_str().is_some_and(|text| text.contains("is locked by another")), "{answer}");
    other.execute("COMMIT").await.expect("let go");
    // What was set for a transaction ended with it.
    let mut connection = pool.acquire().await.expect("the connection");
    let limit: (String,) = sqlx::query_as("SHOW lock_timeout").fetch_one(&mut *connection).await.expect("a setting");
    assert_eq!(limit.0, "0");
    drop(connection);
    doors.work().await;
}
