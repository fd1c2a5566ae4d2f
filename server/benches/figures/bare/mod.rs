//! What one would write by hand: axum handlers that select or insert the same rows with sqlx and answer the same JSON.
//! No caller, no permissions, no metrics, no log; secrets stay as they are stored, and the size of a list is known.

mod scaikey;
mod sign_in;
mod waldur;

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{client::serve, database::sqlite_options};

/// The first argument of this program when it is to serve the handlers; the address of the database follows.
const SERVE: &str = "serve-bare-handlers";

/// As many connections as the product uses.
#[derive(Clone)]
enum Pool {
    Sqlite { reader: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

/// What the handlers share.
#[derive(Clone)]
struct Bare {
    pool: Pool,
    /// How many providers there are, which the product does not count for each answer either.
    total: Arc<Totals>,
}

/// The sizes of the lists when the handlers began.
struct Totals {
    all: i64,
    platform_oidc: i64,
}

/// Runs a statement on either database. `$pool` is the driver's own pool in the expression.
macro_rules! on {
    ($bare:expr, $pool:ident => $body:expr) => {
        match &$bare.pool {
            $crate::bare::Pool::Sqlite { reader: $pool, .. } => $body,
            $crate::bare::Pool::Postgres($pool) => $body,
        }
    };
}
use on;

/// The handlers over a database: `/waldur/…`, `/scaikey/…`, and signing in.
pub(crate) async fn router(url: &str) -> Router {
    let pool = match url.strip_prefix("sqlite:") {
        Some(path) => {
            let options: SqliteConnectOptions = sqlite_options(path.into());
            let pool = |size| SqlitePoolOptions::new().max_connections(size).test_before_acquire(false);
            Pool::Sqlite {
                reader: pool(4).connect_with(options.clone()).await.expect("a pool"),
                writer: pool(1).connect_with(options).await.expect("a pool"),
            }
        }
        None => Pool::Postgres(PgPoolOptions::new().max_connections(16).connect(url).await.expect("a pool")),
    };
    const COUNT: &str = "SELECT COUNT(*), COUNT(CASE WHEN owner_tenant_id IS NULL AND protocol = 'oidc' THEN 1 END) \
                         FROM vestibule_identity_providers WHERE deleted_at IS NULL";
    let (all, platform_oidc) = match &pool {
        Pool::Sqlite { reader, .. } => sqlx::query_as(COUNT).fetch_one(reader).await,
        Pool::Postgres(pool) => sqlx::query_as(COUNT).fetch_one(pool).await,
    }
    .expect("a count");
    let bare = Bare { pool, total: Arc::new(Totals { all, platform_oidc }) };
    let sign_in = sign_in::router(bare.clone());
    Router::new().merge(waldur::router()).merge(scaikey::router()).with_state(bare).merge(sign_in)
}

/// An answer, or 500 for whatever went wrong.
fn answer<T: Serialize>(status: StatusCode, value: Result<T, Box<dyn std::error::Error>>) -> Response {
    match value {
        Ok(value) => (status, Json(value)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// This program as a server of the handlers, in a process of its own like the product. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(url: &str) -> Self {
        let this_program = std::env::current_exe().expect("its path");
        let mut child =
            Command::new(this_program).args([SERVE, url]).stdout(Stdio::piped()).spawn().expect("it starts again");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        output.read_line(&mut line).expect("a line");
        Self { child, address: line.trim().parse().expect("the address that it says") }
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the handlers forever when the arguments say so.
pub(crate) async fn serve_if_asked(arguments: &[String]) {
    let [what, url] = arguments else { return };
    if what != SERVE {
        return;
    }
    let address = serve(router(url).await).await;
    println!("{address}");
    std::io::stdout().flush().expect("an open output");
    std::future::pending::<()>().await;
}
