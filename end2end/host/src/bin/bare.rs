//! The application without Vestibule, to compare with.

use axum::{Router, extract::Path, http::StatusCode, response::Redirect, routing::get};
use jsonwebtoken::{EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

#[derive(Clone, Serialize, Deserialize)]
struct User {
    name: String,
}

async fn sign_in(session: Session, Path(name): Path<String>) -> Result<Redirect, StatusCode> {
    session.insert("user", User { name }).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Redirect::to("/"))
}

async fn token() -> Result<String, StatusCode> {
    let user = User { name: "ada".to_owned() };
    let key = EncodingKey::from_secret(b"a secret of the application");
    jsonwebtoken::encode(&Header::default(), &user, &key).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let roots = rustls::RootCertStore::empty();
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename("app.db").create_if_missing(true)).await?;
    let app = Router::new()
        .route("/", get(|| async { "The application's own page" }))
        .route("/token", get(token))
        .route("/sign-in/{name}", get(sign_in))
        .layer(SessionManagerLayer::new(MemoryStore::default()).with_secure(false));
    println!("http://{} with {} suites", listener.local_addr()?, tls.crypto_provider().cipher_suites.len());
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    axum::serve(listener, app).with_graceful_shutdown(stop).await?;
    pool.close().await;
    Ok(())
}
