use vestibule::{
    Secret, Vestibule,
    domain::{
        actor::Actor,
        page::PageRequest,
        provider::{NewProvider, ProviderFilter},
    },
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let vestibule = Vestibule::builder()
        .database_url("sqlite:vestibule.db")
        .key(Secret::new(std::fs::read_to_string("vestibule.key")?))
        .base_url("https://app.example.com/internal/sso")
        .build()
        .await?;
    let services = vestibule.services();
    // The name that the audit log shows.
    let actor = Actor::host("onboarding");

    let certificate = std::fs::read_to_string("idp.pem")?;
    let new = NewProvider::saml("ADFS", "urn:example:idp", "https://idp.example.com/sso", certificate);
    let provider = services.providers.create(&actor, new.for_domains(["example.com"])).await?;
    println!("created {} as {}", provider.name, provider.id);

    let (filter, page) = (ProviderFilter::default(), PageRequest::numbered(1, 10));
    for provider in services.providers.list(&actor, &filter, Default::default(), page).await?.items {
        println!("there is {}", provider.label);
    }
    vestibule.close().await;
    Ok(())
}
