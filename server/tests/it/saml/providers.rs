//! Creating and changing SAML providers through the services.

use vestibule::domain::{
    problem::{ProblemCode, ServiceError},
    provider::{
        ConfigInput, IdentityProvider, NewProvider, ProviderConfig, ProviderPatch, SamlConfig, SamlEndpoint, SamlInput,
        SamlService,
    },
};

use super::certificate;
use crate::support::{TestApp, app::saml_provider};

fn input(new: &NewProvider) -> SamlInput {
    match &new.config {
        ConfigInput::Saml(input) => input.clone(),
        other => panic!("{other:?}"),
    }
}

fn saml(provider: &IdentityProvider) -> &SamlConfig {
    match &provider.config {
        ProviderConfig::Saml(saml) => saml,
        other => panic!("{other:?}"),
    }
}

fn with_certificate(text: &str) -> NewProvider {
    let new = saml_provider("ADFS");
    NewProvider { config: ConfigInput::Saml(SamlInput { certificate: text.to_owned(), ..input(&new) }), ..new }
}

#[tokio::test]
async fn certificates_are_read_when_a_provider_is_created() {
    let app = TestApp::start().await;
    let provider = app.create_new(with_certificate(certificate!("good"))).await.expect("a provider");
    assert_eq!(saml(&provider).certificates[0].summary.subject, "C=DE, O=Example, CN=idp.example.com");
    assert_eq!(saml(&provider).certificates[0].pem, certificate!("good"));
}

#[tokio::test]
async fn an_unreadable_certificate_is_a_problem_beside_the_others() {
    let app = TestApp::start().await;
    let new = NewProvider { name: String::new(), ..with_certificate("nonsense!") };
    let error = app.create_new(new).await.expect_err("it is unreadable");
    let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
    let reported: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.code)).collect();
    assert_eq!(reported, [("name", ProblemCode::Blank), ("certificate", ProblemCode::Malformed)]);
    assert_eq!(
        problems[1].message,
        "Certificate 1 is not valid base64. Paste PEM blocks one after the other, or one certificate in base64."
    );
}

#[tokio::test]
async fn an_expired_certificate_can_be_saved() {
    let app = TestApp::start().await;
    app.create_new(with_certificate(certificate!("expired"))).await.expect("a provider");
}

#[tokio::test]
async fn a_change_brings_its_certificates() {
    let app = TestApp::start().await;
    let new = saml_provider("ADFS");
    let provider = app.create_new(new.clone()).await.expect("a provider");
    let both = format!("{}{}", certificate!("good"), certificate!("next"));
    let change = |certificate: &str| ProviderPatch {
        saml: Some(SamlInput { certificate: certificate.to_owned(), slo_url: None, ..input(&new) }),
        ..ProviderPatch::default()
    };
    let updated = app.update(&provider, change(&both)).await.expect("a provider");
    assert_eq!(saml(&updated).certificates.len(), 2);
    let error = app.update(&updated, change("")).await.expect_err("there is none");
    let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("certificate", ProblemCode::Blank));
}

#[tokio::test]
async fn saml_settings_are_no_change_of_an_openid_provider() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let patch = ProviderPatch { saml: Some(input(&saml_provider("ADFS"))), ..ProviderPatch::default() };
    let error = app.update(&provider, patch).await.expect_err("it speaks OpenID Connect");
    let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("saml", ProblemCode::NotAllowed));
}

#[tokio::test]
async fn endpoints_of_metadata_are_checked_like_every_other_address() {
    let app = TestApp::start().await;
    let endpoint = |binding: &str, location: &str, response_location: Option<&str>| SamlEndpoint {
        service: SamlService::SingleSignOn,
        binding: binding.to_owned(),
        location: location.to_owned(),
        response_location: response_location.map(str::to_owned),
    };
    let fine = endpoint("urn:b", "https://idp.example.com/sso", None);
    for (endpoints, field) in [
        (vec![fine.clone(), endpoint("urn:b", "javascript:alert(1)", None)], "endpoints.1"),
        (vec![endpoint("urn:b", "https://idp.example.com/", Some("data:x"))], "endpoints.0"),
        (vec![endpoint("", "https://idp.example.com/", None)], "endpoints.0"),
        (vec![fine.clone(); 33], "endpoints"),
    ] {
        let new = saml_provider("ADFS");
        let config = ConfigInput::Saml(SamlInput { endpoints, ..input(&new) });
        let error = app.create_new(NewProvider { config, ..new }).await.expect_err("it is refused");
        let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
        assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), [field]);
    }
    let new = saml_provider("ADFS");
    let config = ConfigInput::Saml(SamlInput { metadata_url: Some("file:///x".to_owned()), ..input(&new) });
    let error = app.create_new(NewProvider { config, ..new }).await.expect_err("it is refused");
    assert!(matches!(error, ServiceError::Invalid { problems } if problems[0].field == "metadata_url"));
}
