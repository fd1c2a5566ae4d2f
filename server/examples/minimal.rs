//! People sign in through an OpenID provider, with Vestibule's session: the least that it takes.
//!
//! `ISSUER=https://idp.example.com CLIENT_ID=… CLIENT_SECRET=… cargo run --example minimal -- 8080`. Register
//! `http://127.0.0.1:8080/sso/callback/{the identifier that it prints}` at the provider.
#![allow(clippy::disallowed_methods, reason = "an example has no settings but these")]

use axum::{Router, response::Html, routing::get};
use vestibule::{
    OptionalSignedIn, OutboundPolicy, Secret, ServeLimits, SignedIn, Vestibule,
    domain::{actor::Actor, provider::NewProvider},
    service::TenantRef,
};

async fn home(OptionalSignedIn(user): OptionalSignedIn) -> Html<&'static str> {
    Html(match user {
        None => r#"<h1>Welcome</h1><a href="/projects">Projects</a>"#,
        Some(_) => r#"<h1>Welcome back</h1><form method="post" action="/sso/logout"><button>Sign out</button></form>"#,
    })
}

async fn projects(SignedIn(user): SignedIn) -> String {
    format!("The projects of {}", user.user.profile.username)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    // DEMO ONLY: a database for as long as the demo runs, a public key, and providers on this machine. A real host keeps its
    // database, and its key out of its sources.
    let folder = std::env::temp_dir().join(format!("vestibule-minimal-{}", std::process::id()));
    let vestibule = Vestibule::builder()
        .database_url(format!("sqlite:{}", folder.join("vestibule.db").display()))
        .key(Secret::new("ZGVtbyBrZXksIHB1YmxpYzogbmV2ZXIgdXNlIGl0ISE="))
        .base_url(&format!("{origin}/sso"))
        .outbound(OutboundPolicy::parse(["127.0.0.1"])?)
        .build()
        .await?;

    // A real host leaves this to its administrators, in the portal below /sso.
    let (services, actor) = (vestibule.services(), Actor::host("minimal"));
    let discovery_url = format!("{}/.well-known/openid-configuration", std::env::var("ISSUER")?);
    let secret = Secret::new(std::env::var("CLIENT_SECRET")?);
    let provider = NewProvider::oidc("Corp", discovery_url, std::env::var("CLIENT_ID")?, secret);
    let provider = services.providers.create(&actor, provider).await?;
    services.assignments.link(&actor, &TenantRef::Slug("default".to_owned()), provider.id).await?;

    let app = Router::new()
        .route("/projects", get(projects).route_layer(vestibule.require_sign_in()))
        .route("/", get(home).route_layer(vestibule.sign_in_layer()))
        .nest_service("/sso", vestibule.router());
    println!("{origin}/ with the provider {}", provider.id);
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    tokio::select! {
        _ = vestibule::serve(listener, app, ServeLimits::default(), stop) => {}
        _ = vestibule.housekeeping(365) => {}
    }
    vestibule.close().await;
    Ok(())
}
