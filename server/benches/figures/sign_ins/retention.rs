//! Removing what has expired, while others write.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Column, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};

use crate::{
    database::{Database, Instance, Place, sqlite_options},
    statistics::milliseconds,
    table::{Table, Target, Unit},
};

use super::{AT_ONCE, people::People, product};

/// Half of them have expired, a quarter is idle for too long, and the others live on.
const SESSIONS: u64 = 500_000;
const STARTS: u64 = 200_000;
const TRACES: u64 = 200_000;
/// A purge must end within this time.
const LONGEST_PURGE: Duration = Duration::from_secs(10 * 60);

pub(super) async fn measure(place: &Place, table: &mut Table) {
    let on = place.name();
    eprintln!("Removing old sessions on {on}");
    let instance = Instance::with(place, 1).await;
    // Somebody to whom the sessions belong.
    People::of(&instance, instance.address).await.sign_in_each_once(AT_ONCE).await;
    let mut watch = Watch::begin(&instance.database).await;
    watch.fill().await;
    let begun = Instant::now();
    let server = product(&instance).await;
    let longest = watch.longest().await;
    let name = format!("{on}: removing {} old sessions, {STARTS} used starts and {TRACES} traces", SESSIONS / 4 * 3);
    table.add(format!("{name}, the longest transaction"), longest, Unit::Milliseconds, Target::AtMost(50.0));
    table.add(name, milliseconds(begun.elapsed()), Unit::Milliseconds, Target::None);
    drop(server);
    instance.remove().await;
}

/// Another process that uses the database.
enum Watch {
    Sqlite(SqliteConnection),
    Postgres { filling: PgConnection, watching: PgConnection },
}

const LEFT: &str = "SELECT (SELECT COUNT(*) FROM vestibule_user_sessions) + (SELECT COUNT(*) FROM vestibule_used_starts) \
    + (SELECT COUNT(*) FROM vestibule_sign_in_attempts)";

const TRACE: &str = "SELECT * FROM vestibule_sign_in_attempts LIMIT 1";

fn names<C: Column>(columns: &[C]) -> Vec<String> {
    columns.iter().map(|column| column.name().to_owned()).collect()
}

/// The value of a copy of a trace: old, and under names of its own.
fn copied(column: &str, id: &str, hash: &str) -> String {
    match column {
        "id" => id.to_owned(),
        "reference" => hash.to_owned(),
        "started_at" => "i".to_owned(),
        other => format!("t.{other}"),
    }
}

impl Watch {
    async fn begin(database: &Database) -> Self {
        match database {
            Database::Sqlite(_) => {
                let options = sqlite_options(database.path()).busy_timeout(Duration::ZERO);
                Self::Sqlite(SqliteConnection::connect_with(&options).await.expect("a connection"))
            }
            Database::Postgres { url, .. } => {
                let connect = async || PgConnection::connect(url.as_str()).await.expect("a connection");
                Self::Postgres { filling: connect().await, watching: connect().await }
            }
        }
    }

    /// Stores sessions and used starts.
    async fn fill(&mut self) {
        // Traces are written a moment later.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let columns = match self {
            Self::Sqlite(connection) => names(connection.fetch_one(TRACE).await.expect("a trace").columns()),
            Self::Postgres { filling, .. } => names(filling.fetch_one(TRACE).await.expect("a trace").columns()),
        };
        let statements = |id: &str, hash: &str, now: &str| {
            [
                format!(
                    "INSERT INTO vestibule_user_sessions (id, hash, user_id, idp_id, created_at, last_seen_at, \
                     expires_at, user_agent) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \
                     {SESSIONS}) SELECT {id}, {hash}, s.user_id, s.idp_id, 1, CASE i % 4 WHEN 2 THEN 1 ELSE {now} END, \
                     CASE i % 4 WHEN 0 THEN 1 WHEN 1 THEN 1 ELSE {now} + 86400000000 END, 'figures' \
                     FROM n, (SELECT user_id, idp_id FROM vestibule_user_sessions LIMIT 1) s"
                ),
                // Copies of one that was recorded.
                format!(
                    "INSERT INTO vestibule_sign_in_attempts ({}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 \
                     FROM n WHERE i < {TRACES}) SELECT {} FROM n, \
                     (SELECT * FROM vestibule_sign_in_attempts WHERE ended_at IS NOT NULL LIMIT 1) t",
                    columns.join(", "),
                    columns.iter().map(|column| copied(column, id, hash)).collect::<Vec<_>>().join(", ")
                ),
                format!(
                    "INSERT INTO vestibule_used_starts (start_id, expires_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION \
                     ALL SELECT i + 1 FROM n WHERE i < {STARTS}) SELECT {id}, 1 FROM n"
                ),
            ]
        };
        match self {
            Self::Sqlite(connection) => {
                let now = "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)";
                for statement in statements("randomblob(16)", "hex(randomblob(32))", now) {
                    connection.execute(sqlx::AssertSqlSafe(statement)).await.expect("rows");
                }
            }
            Self::Postgres { filling, .. } => {
                let now = "(EXTRACT(EPOCH FROM now())::bigint * 1000000)";
                let hash = "md5(random()::text) || md5(random()::text)";
                for statement in statements("gen_random_uuid()", hash, now) {
                    filling.execute(sqlx::AssertSqlSafe(statement)).await.expect("rows");
                }
                filling.execute("VACUUM ANALYZE").await.expect("statistics");
            }
        }
    }

    /// The longest time in milliseconds for which a transaction kept another process from writing (SQLite), or was open
    /// (PostgreSQL), until nothing is left to remove.
    async fn longest(self) -> f64 {
        let left = SESSIONS / 4 + super::people::PEOPLE * 3;
        let begun = Instant::now();
        let mut longest = Duration::ZERO;
        match self {
            Self::Sqlite(mut connection) => {
                let mut looked = Instant::now();
                loop {
                    let asked = Instant::now();
                    while connection.execute("BEGIN IMMEDIATE").await.is_err() {
                        assert!(begun.elapsed() < LONGEST_PURGE, "old sessions are left");
                    }
                    longest = longest.max(asked.elapsed());
                    connection.execute("ROLLBACK").await.expect("an end");
                    if looked.elapsed() > Duration::from_millis(500) {
                        let (rows,): (i64,) = sqlx::query_as(LEFT).fetch_one(&mut connection).await.expect("a count");
                        if rows as u64 <= left {
                            return milliseconds(longest);
                        }
                        looked = Instant::now();
                    }
                    tokio::time::sleep(Duration::from_micros(500)).await;
                }
            }
            Self::Postgres { mut filling, mut watching } => {
                const OPEN: &str = "SELECT CAST(COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0) AS \
                    DOUBLE PRECISION) FROM pg_stat_activity WHERE datname = current_database() AND \
                    (query LIKE 'DELETE FROM vestibule_%' OR query LIKE 'COMMIT%') AND state <> 'idle'";
                let ended = Arc::new(AtomicBool::new(false));
                let (end, mut seen) = (ended.clone(), 0.0_f64);
                let counting = tokio::spawn(async move {
                    loop {
                        let (rows,): (i64,) = sqlx::query_as(LEFT).fetch_one(&mut filling).await.expect("a count");
                        if rows as u64 <= left || begun.elapsed() > LONGEST_PURGE {
                            end.store(true, Ordering::SeqCst);
                            return;
                        }
                        tokio::time::sleep(Duration::from_millis(500)).await;
                    }
                });
                while !ended.load(Ordering::SeqCst) {
                    let (open,): (f64,) = sqlx::query_as(OPEN).fetch_one(&mut watching).await.expect("an age");
                    seen = seen.max(open * 1e3);
                }
                counting.await.expect("a count");
                assert!(begun.elapsed() < LONGEST_PURGE, "old sessions are left");
                seen
            }
        }
    }
}
