//! Single providers: by identifier and by scheme, and what is shown of them.

use vestibule::domain::{
    actor::Actor,
    provider::{ConfigInput, LdapConfig, LdapVendor, NAME_ID, NewProvider, ProviderPatch},
};

use super::api::{Api, refusal, shown};
use crate::support::app::saml_provider;

#[tokio::test]
async fn a_provider_is_shown_by_four_texts() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let answer = api.call("GET", &format!("/api/IdentityProvider/{}", okta.id)).await;
    assert_eq!(answer.expect(200), shown(&okta, "sub"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.text(),
        format!(r#"{{"Id":"{}","DisplayName":"Okta","Scheme":"okta","UserIdClaimType":"sub"}}"#, okta.id)
    );
}

#[tokio::test]
async fn every_spelling_of_an_identifier_is_understood() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let id = okta.id.to_string();
    for spelling in [id.clone(), id.to_uppercase(), okta.id.prefixed(), okta.id.0.simple().to_string()] {
        let answer = api.call("GET", &format!("/api/IdentityProvider/{spelling}")).await;
        assert_eq!(answer.expect(200)["Id"], id, "{spelling}");
    }
}

#[tokio::test]
async fn the_display_name_is_shown_and_the_name_where_there_is_none() {
    let api = Api::start().await;
    let new = NewProvider { display_name: Some("Okta (Acme)".to_owned()), ..api.app.new_provider("okta") };
    let okta = api.app.create_new(new).await.expect("a provider");
    let answer = api.call("GET", &format!("/api/IdentityProvider/{}", okta.id)).await.expect(200);
    assert_eq!(answer["DisplayName"], "Okta (Acme)");
}

#[tokio::test]
async fn the_claim_is_what_identifies_a_user_in_each_protocol() {
    let api = Api::start().await;
    let mut oidc = api.app.new_provider("oidc");
    oidc.mapping.user_claim = "oid".to_owned();
    let oidc = api.app.create_new(oidc).await.expect("a provider");
    let directory = async |name: &str, vendor, attribute: Option<&str>| {
        let config = LdapConfig {
            vendor,
            urls: vec!["ldaps://dc.example.com".to_owned()],
            base_dn: "DC=example,DC=com".to_owned(),
            external_id_attribute: attribute.map(str::to_owned),
            bind_dn: Some("CN=svc".to_owned()),
            bind_password: Some(vestibule::Secret::new("hidden")),
            ..LdapConfig::default()
        };
        let new = NewProvider { config: ConfigInput::Ldap(Box::new(config.into())), ..api.app.new_provider(name) };
        api.app.create_new(new).await.expect("a provider")
    };
    let ad = directory("ad", LdapVendor::ActiveDirectory, None).await;
    let ldap = directory("ldap", LdapVendor::Generic, Some("employeeNumber")).await;
    let saml = async |name: &str, user_claim: &str| {
        let mut new = saml_provider(name);
        new.mapping.user_claim = user_claim.to_owned();
        api.app.create_new(new).await.expect("a provider")
    };
    let by_name_id = saml("saml", NAME_ID).await;
    let by_attribute = saml("federation", "eduPersonUniqueId").await;
    let name_id = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    let expected = [(&oidc, "oid"), (&ad, "objectGUID"), (&ldap, "employeeNumber")];
    let of_saml = [(&by_name_id, name_id), (&by_attribute, "eduPersonUniqueId")];
    for (provider, claim) in expected.into_iter().chain(of_saml) {
        let answer = api.call("GET", &format!("/api/IdentityProvider/{}", provider.id)).await;
        assert_eq!(answer.expect(200), shown(provider, claim));
        assert!(!answer.text().contains("hidden"));
    }
}

#[tokio::test]
async fn a_scheme_names_one_provider() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let of_tenant = api.app.create_for(api.a, "Okta").await;
    for provider in [&okta, &of_tenant] {
        let answer = api.call("GET", &format!("/api/IdentityProvider/schemes/{}", provider.slug)).await;
        assert_eq!(answer.expect(200), shown(provider, "sub"));
    }
    let reason =
        refusal(&api.call("GET", "/api/IdentityProvider/schemes/nobody").await, 404, "Identity provider not found.");
    assert_eq!(reason, "There is no identity provider \"nobody\".");
}

#[tokio::test]
async fn a_disabled_provider_is_shown_and_a_deleted_one_is_not() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    api.app.update(&okta, patch).await.expect("a change");
    let path = format!("/api/IdentityProvider/{}", okta.id);
    api.call("GET", &path).await.expect(200);
    let reference = vestibule::service::ProviderRef::Id(okta.id);
    api.app.services.providers.delete(&Actor::operator(), &reference).await.expect("a deletion");
    refusal(&api.call("GET", &path).await, 404, "Identity provider not found.");
    refusal(&api.call("GET", "/api/IdentityProvider/schemes/okta").await, 404, "Identity provider not found.");
}

#[tokio::test]
async fn text_that_is_no_identifier_names_nobody() {
    let api = Api::start().await;
    for text in
        ["okta", "schemes", "00000000-0000-0000-0000-000000000007", "tnt_00000000000000000000000000000007", "%00"]
    {
        let answer = api.call("GET", &format!("/api/IdentityProvider/{text}")).await;
        refusal(&answer, 404, "Identity provider not found.");
    }
    refusal(&api.call("GET", "/api/IdentityProvider/%FF").await, 404, "Not found.");
}
