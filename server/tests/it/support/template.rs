//! A database with every migration, made once and copied for each test: running all migrations takes longer than most
//! tests do.

use std::{
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sqlx::{
    Connection, Executor, PgPool,
    postgres::{PgConnectOptions, PgConnection},
    sqlite::SqlitePoolOptions,
};
use tokio::sync::OnceCell;
use vestibule::HostPool;

use super::{
    app::{self, TestClock},
    database,
};

/// The template's name in a PostgreSQL cluster.
const NAME: &str = "vestibule_template";

/// The template of a PostgreSQL cluster. Processes that share the cluster share the template.
pub(super) async fn in_cluster(cluster: &PgConnectOptions) -> &'static str {
    static MADE: OnceCell<()> = OnceCell::const_new();
    MADE.get_or_init(async || {
        let mut connection = PgConnection::connect_with(cluster).await.expect("a connection to PostgreSQL");
        // Held by the connection until it is closed.
        connection.execute("SELECT pg_advisory_lock(7364)").await.expect("a lock");
        let query = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate").bind(NAME);
        if query.fetch_optional(&mut connection).await.expect("an answer").is_none() {
            let create = format!("CREATE DATABASE {NAME}");
            connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a new database");
            let options = cluster.clone().database(NAME);
            let pool = PgPool::connect_with(options).await.expect("a pool");
            migrate(pool.clone().into()).await;
            pool.execute(FORGET_KEY).await.expect("a template without a key");
            pool.close().await;
            let finish = format!("ALTER DATABASE {NAME} WITH IS_TEMPLATE TRUE");
            connection.execute(sqlx::AssertSqlSafe(finish)).await.expect("a template");
        }
        connection.close().await.expect("an end");
    })
    .await;
    NAME
}

/// The template file for SQLite, in Cargo's folder for files of tests. Processes of the same build share it.
pub(super) async fn file() -> &'static Path {
    static MADE: OnceCell<PathBuf> = OnceCell::const_new();
    MADE.get_or_init(async || {
        let program = std::env::current_exe().and_then(std::fs::metadata).expect("this program");
        let built =
            program.modified().expect("a file system with times").duration_since(UNIX_EPOCH).expect("after 1970");
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{}.db", built.as_nanos()));
        if !path.exists() {
            let own = path.with_extension(format!("{}.new", std::process::id()));
            let options = database::sqlite_options(&own);
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a pool");
            migrate(pool.clone().into()).await;
            pool.execute(FORGET_KEY).await.expect("a template without a key");
            pool.close().await;
            std::fs::rename(own, &path).expect("a template in its place");
        }
        path
    })
    .await
}

/// Each test brings a key of its own.
const FORGET_KEY: &str = "DELETE FROM vestibule_settings WHERE name = 'key_check'";

async fn migrate(pool: HostPool) {
    let builder = app::builder(&TestClock::default()).pool(pool).base_url("http://localhost");
    builder.build().await.expect("an instance");
}
