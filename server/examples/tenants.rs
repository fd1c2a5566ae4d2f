//! An application with several tenants on PostgreSQL: each has its pages, its provider and its people.
//!
//! `DATABASE_URL=postgres://… ISSUER=https://idp.example.com CLIENT_ID=… CLIENT_SECRET=… cargo run --example tenants`
#![allow(clippy::disallowed_methods, reason = "an example has no settings but these")]

use axum::{Router, routing::get};
use vestibule::{
    OutboundPolicy, Secret, ServeLimits, SignedIn, Vestibule,
    domain::{
        actor::Actor,
        provider::NewProvider,
        tenant::{NewTenant, TenantStatus},
    },
    service::{ServiceResult, Services},
};

const TENANTS: [(&str, &str); 2] = [("acme", "Acme"), ("globex", "Globex")];

async fn orders(SignedIn(user): SignedIn) -> String {
    format!("The orders of {}, for {}", user.tenant_slug, user.user.profile.username)
}

/// A tenant with a provider of its own, which only the tenant's people sign in with.
async fn set_up(services: &Services, slug: &str, name: &str, discovery_url: String) -> ServiceResult<()> {
    let actor = Actor::host("tenants");
    let (slug, name) = (Some(slug.to_owned()), name.to_owned());
    let new = NewTenant { slug, name: name.clone(), partner: None, status: TenantStatus::Active };
    let tenant = services.tenants.create(&actor, new).await?;
    let [id, secret] = ["CLIENT_ID", "CLIENT_SECRET"].map(|name| std::env::var(name).unwrap_or_default());
    let provider = NewProvider::oidc(format!("{name} staff"), discovery_url, id, Secret::new(secret));
    services.providers.create(&actor, provider.owned_by(tenant.id)).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse::<u16>())?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let vestibule = Vestibule::builder()
        .database_url(std::env::var("DATABASE_URL")?)
        // DEMO ONLY, as in the example `minimal`.
        .key(Secret::new("ZGVtbyBrZXksIHB1YmxpYzogbmV2ZXIgdXNlIGl0ISE="))
        .base_url(&format!("{origin}/sso"))
        .outbound(OutboundPolicy::parse(["127.0.0.1"])?)
        .build()
        .await?;

    for (slug, name) in TENANTS {
        let discovery_url = format!("{}/.well-known/openid-configuration", std::env::var("ISSUER")?);
        set_up(&vestibule.services(), slug, name, discovery_url).await?;
    }
    let of_the_tenant = vestibule.require_sign_in().tenant_in_path("tenant");
    let app = Router::new()
        .route("/{tenant}/orders", get(orders).route_layer(of_the_tenant))
        .nest_service("/sso", vestibule.router());
    println!("{origin}/");
    let stop = async { tokio::signal::ctrl_c().await.expect("a signal handler") };
    tokio::select! {
        _ = vestibule::serve(listener, app, ServeLimits::default(), stop) => {}
        _ = vestibule.housekeeping(365) => {}
    }
    vestibule.close().await;
    Ok(())
}
