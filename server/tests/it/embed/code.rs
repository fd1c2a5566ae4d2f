//! Providers that an application creates in code.

use vestibule::{
    Secret,
    domain::{
        actor::Actor,
        mapping::AttributeMapping,
        provider::{LdapConfig, Linking, NewProvider, OidcSignIn, Protocol, Provisioning, SignInSettings},
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
    let scopes: Vec<_> = okta.oidc().expect("OIDC").scopes().collect();
    assert_eq!(scopes, ["openid", "profile", "email"]);
    assert_eq!(okta.mapping.attributes, AttributeMapping::oidc_defaults());

    let new = NewProvider::saml("ADFS", "urn:example:idp", "https://idp.example.com/sso", CERTIFICATE);
    let adfs = providers.create(&actor, new.displayed_as("Work account").disabled()).await.expect("a provider");
    assert_eq!(
        (adfs.config.protocol(), adfs.enabled, adfs.mapping.user_claim.as_str()),
        (Protocol::Saml, false, "NameID")
    );
    assert_eq!(adfs.mapping.attributes, AttributeMapping::saml_defaults());

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
    assert_eq!(ldap.mapping.attributes, AttributeMapping::directory_defaults());

    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    assert!(log.items.iter().filter(|entry| entry.actor == "onboarding").count() == 3, "{:?}", log.items);
}

#[tokio::test]
async fn scopes_origins_and_provisioning_can_be_set() {
    let app = TestApp::start().await;
    let new = NewProvider::oidc("Okta", app.openid.discovery_url(), "client", Secret::new("secret"));
    let provisioning = Provisioning { auto_create_users: false, update_user_on_login: true };
    let new = new
        .with_scopes(["email", "groups"])
        .with_redirects(["https://app.example.com"])
        .with_provisioning(provisioning);
    let okta = app.services.providers.create(&Actor::host("onboarding"), new).await.expect("a provider");
    let scopes: Vec<_> = okta.oidc().expect("OIDC").scopes().collect();
    assert_eq!(scopes, ["openid", "email", "groups"]);
    let sign_in = SignInSettings { linking: Linking::VerifiedEmail, ..SignInSettings::default() };
    let requests = OidcSignIn { max_age: Some(3600), ..OidcSignIn::default() };
    let new = NewProvider::oidc("Old", app.openid.discovery_url(), "client", Secret::new("secret"));
    let new = new.with_sign_in(sign_in.clone()).with_oidc_sign_in(requests.clone()).without_pkce();
    let old = app.services.providers.create(&Actor::host("onboarding"), new).await.expect("a provider");
    let config = old.oidc().expect("OIDC");
    assert_eq!((&old.sign_in, &config.sign_in, config.pkce), (&sign_in, &requests, false));
    let origins: Vec<_> = okta.allowed_redirects.iter().map(ToString::to_string).collect();
    assert_eq!((origins.as_slice(), okta.provisioning), (&["https://app.example.com".to_owned()][..], provisioning));
}
