//! People sign in through an OpenID provider, and the application begins a session of its own, here of tower-sessions.
//!
//! `ISSUER=https://idp.example.com CLIENT_ID=… CLIENT_SECRET=… cargo run --example own_sessions -- 8080`
#![allow(clippy::disallowed_methods, reason = "an example has no settings but these")]

use axum::{
    BoxError, Router,
    http::{StatusCode, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, cookie::SameSite};
use vestibule::{
    AfterSignIn, OutboundPolicy, Secret, ServeLimits, SignInHook, Vestibule,
    domain::{actor::Actor, provider::NewProvider},
    service::{CompletedSignIn, TenantRef},
};

struct BeginSession;

#[vestibule::async_trait]
impl SignInHook for BeginSession {
    async fn signed_in(&self, sign_in: CompletedSignIn, request: &Parts) -> Result<AfterSignIn, BoxError> {
        let session = request.extensions.get::<Session>().ok_or("there is no layer with sessions")?;
        // A new session: nothing of what this browser had before, and another identifier.
        session.flush().await?;
        session.insert("name", &sign_in.user.profile.username).await?;
        Ok(AfterSignIn::Respond(Redirect::to(&sign_in.return_to).into_response()))
    }
}

const HOME: &str = r#"<h1>Welcome</h1><a href="/projects">Projects</a>
<form method="post" action="/leave"><button>Sign out</button></form>"#;

async fn projects(session: Session) -> Response {
    match session.get::<String>("name").await.ok().flatten() {
        Some(name) => format!("The projects of {name}").into_response(),
        None => Redirect::to("/sso/login?return_to=/projects").into_response(),
    }
}

async fn leave(session: Session) -> Result<Redirect, StatusCode> {
    session.flush().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Redirect::to("/"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    // DEMO ONLY, as in the example `minimal`.
    let folder = std::env::temp_dir().join(format!("vestibule-own-sessions-{}", std::process::id()));
    let vestibule = Vestibule::builder()
        .database_url(format!("sqlite:{}", folder.join("vestibule.db").display()))
        .key(Secret::new("ZGVtbyBrZXksIHB1YmxpYzogbmV2ZXIgdXNlIGl0ISE="))
        .base_url(&format!("{origin}/sso"))
        .outbound(OutboundPolicy::parse(["127.0.0.1"])?)
        .on_sign_in(BeginSession)
        .build()
        .await?;
    let (services, actor) = (vestibule.services(), Actor::host("own_sessions"));
    let discovery_url = format!("{}/.well-known/openid-configuration", std::env::var("ISSUER")?);
    let secret = Secret::new(std::env::var("CLIENT_SECRET")?);
    let provider = NewProvider::oidc("Corp", discovery_url, std::env::var("CLIENT_ID")?, secret);
    let provider = services.providers.create(&actor, provider).await?;
    services.assignments.link(&actor, &TenantRef::Slug("default".to_owned()), provider.id).await?;

    // Lax, since the browser comes back from another site.
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_secure(false).with_same_site(SameSite::Lax);
    let app = Router::new()
        .route("/", get(|| async { Html(HOME) }))
        .route("/projects", get(projects))
        .route("/leave", post(leave))
        .nest_service("/sso", vestibule.router())
        // Around Vestibule too, so that the hook finds the session.
        .layer(sessions);
    println!("{origin}/ with the provider {}", provider.id);
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    tokio::select! {
        _ = vestibule::serve(listener, app, ServeLimits::default(), stop) => {}
        _ = vestibule.housekeeping(365) => {}
    }
    vestibule.close().await;
    Ok(())
}
