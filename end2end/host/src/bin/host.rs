use axum::{Router, extract::Path, http::StatusCode, http::request::Parts, response::Redirect, routing::get};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};
use vestibule::{Authenticator, Dialect, Grant, HostUser, Role, Secret, ServeLimits, SignedIn, Vestibule};

#[derive(Clone, Serialize, Deserialize)]
struct User {
    name: String,
    is_admin: bool,
}

/// The sign-in of the application decides who uses the portal.
struct Users;

#[vestibule::async_trait]
impl Authenticator for Users {
    async fn authenticate(&self, request: &Parts) -> Option<HostUser> {
        let session = request.extensions.get::<Session>()?;
        let user: User = session.get("user").await.ok()??;
        Some(match user.is_admin {
            true => HostUser::new(user.name, Grant::platform(Role::PlatformAdmin)),
            false => HostUser::without_role(user.name),
        })
    }
}

/// Stands for a sign-in: believes the name.
async fn sign_in(session: Session, Path(name): Path<String>) -> Result<Redirect, StatusCode> {
    let user = User { is_admin: name == "ada", name };
    session.insert("user", user).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Redirect::to("/internal/sso/"))
}

/// A page for people who signed in through a customer's identity provider.
async fn orders(SignedIn(user): SignedIn) -> String {
    format!("The orders of {}", user.tenant_slug)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Two crates of this tree bring cryptography for rustls; this one is the application's.
    rustls::crypto::ring::default_provider().install_default().expect("nothing was installed before");
    // What the application connects with, beside Vestibule.
    let roots = rustls::RootCertStore::empty();
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let cryptography = format!("{:?}", tls.crypto_provider().key_provider);

    let address = std::env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let options = SqliteConnectOptions::new()
        .filename("app.db")
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::from_secs(10));
    let pool = SqlitePool::connect_with(options).await?;

    let vestibule = Vestibule::builder()
        .pool(pool.clone())
        .key(Secret::new(std::fs::read_to_string("vestibule.key")?))
        .base_url(&format!("{origin}/internal/sso"))
        .dialects_base_url(&format!("{origin}/idp"))
        .dialects([Dialect::ScaiKey])
        .authenticator(Users)
        .sign_in_url("/sign-in/ada")
        .build()
        .await?;

    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false);
    let app = Router::new()
        .route("/", get(|| async { "The application's own page" }))
        .route("/cryptography", get(move || async { cryptography }))
        .route("/sign-in/{name}", get(sign_in))
        .route("/orders", get(orders).route_layer(vestibule.require_sign_in()))
        .nest_service("/internal/sso", vestibule.portal_router())
        .nest_service("/idp", vestibule.dialects_router())
        // Around the portal too, so that `Users` finds the session.
        .layer(sessions);

    println!("{origin}");
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    tokio::select! {
        _ = vestibule::serve(listener, app, ServeLimits::default(), stop) => {}
        _ = vestibule.housekeeping(365) => {}
        _ = vestibule.syncs() => {}
    }
    vestibule.close().await;
    pool.close().await;
    Ok(())
}
