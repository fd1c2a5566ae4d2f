//! Providers that an application creates in code.

use vestibule::{
    Secret,
    domain::{
        actor::Actor,
        provider::{LdapConfig, NewProvider, Protocol},
    },
};

use crate::support::{ALL, TestApp, app::CERTIFICATE};

#[tokio::test]
async fn each_protocol_has_a_constructor_with_what_a_provider_needs() {
    let app = TestApp::start().await;
    let actor = Actor::host("onboarding");
    let tenant = app.default_tenant().await;
    let providers = &app.services.providers;

    let new = NewProvider::oidc("Okta", app.openid.discovery_url(), "client", Secret::new("secret"));
    let okta = providers.create(&actor, new.owned_by(tenant)).await.expect("a provider");
    assert_eq!((okta.config.protocol(), okta.owner, okta.enabled), (Protocol::Oidc, Some(tenant), true));

    let new = NewProvider::saml("ADFS", "urn:example:idp", "https://idp.example.com/sso", CERTIFICATE);
    let adfs = providers.create(&actor, new.displayed_as("Work account").disabled()).await.expect("a provider");
    assert_eq!(
        (adfs.config.protocol(), adfs.enabled, adfs.mapping.user_claim.as_str()),
        (Protocol::Saml, false, "NameID")
    );

    let directory = LdapConfig::new(
        ["ldaps://ldap.example.com"],
        "dc=example,dc=com",
        "cn=reader,dc=example,dc=com",
        Secret::new("password"),
    );
    let new = NewProvider::ldap("Directory", directory).for_domains(["example.com"]);
    let ldap = providers.create(&actor, new).await.expect("a provider");
    assert_eq!(
        (ldap.config.protocol(), ldap.allowed_domains.as_slice()),
        (Protocol::Ldap, &["example.com".to_owned()][..])
    );

    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    assert!(log.items.iter().filter(|entry| entry.actor == "onboarding").count() == 3, "{:?}", log.items);
}
