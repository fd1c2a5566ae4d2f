//! A host application with Vestibule below `/internal/sso`, beside its own routes and with its own sign-in.
//!
//! `cargo run --example embed -- 8080`, then open the address it prints: `/enter` signs in an administrator, and
//! `/enter-as-guest` a user without a role.

use axum::{
    Router,
    http::{header::COOKIE, request::Parts},
    routing::get,
};
use vestibule::{Authenticator, Grant, HostUser, Role, Secret, ServeLimits, Vestibule};

/// DEMO ONLY: the cookie `demo-user=ada` is an administrator's, and any other a user's without a role. A real host looks
/// into its own session, and gives a role to those alone who manage identity providers.
struct DemoSignIn;

#[vestibule::async_trait]
impl Authenticator for DemoSignIn {
    async fn authenticate(&self, request: &Parts) -> Option<HostUser> {
        let cookies = request.headers.get(COOKIE)?.to_str().ok()?;
        let name = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("demo-user="))?;
        Some(match name {
            "ada" => HostUser::new(name, Grant::platform(Role::PlatformAdmin)),
            _ => HostUser::without_role(name),
        })
    }
}

async fn enter() -> Entered {
    enter_with("demo-user=ada; HttpOnly; SameSite=Lax; Path=/")
}

async fn enter_as_guest() -> Entered {
    enter_with("demo-user=guest; HttpOnly; SameSite=Lax; Path=/")
}

type Entered = (axum::http::StatusCode, [(&'static str, &'static str); 2]);

fn enter_with(cookie: &'static str) -> Entered {
    (axum::http::StatusCode::SEE_OTHER, [("set-cookie", cookie), ("location", "/internal/sso/")])
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;

    // A database and a key for as long as the demo runs; a real host keeps both, and the key out of its sources.
    let folder = std::env::temp_dir().join(format!("vestibule-embed-{}", std::process::id()));
    let vestibule = Vestibule::builder()
        .database_url(format!("sqlite:{}", folder.join("vestibule.db").display()))
        .key(Secret::new("ZGVtbyBrZXksIHB1YmxpYzogbmV2ZXIgdXNlIGl0ISE="))
        .base_url(&format!("http://{address}/internal/sso"))
        .authenticator(DemoSignIn)
        .sign_in_url("/enter")
        .build()
        .await?;

    let app = Router::new()
        .route("/", get(|| async { "The host application. Sign in at /enter, then manage sign-in at /internal/sso/" }))
        .route("/enter", get(enter))
        .route("/enter-as-guest", get(enter_as_guest))
        .nest_service("/internal/sso", vestibule.router());
    println!("http://{address}/");
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    vestibule::serve(listener, app, ServeLimits::default(), stop).await;
    vestibule.close().await;
    Ok(())
}
