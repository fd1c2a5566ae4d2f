//! Reading metadata through the services and the portal.

use axum::Router;
use serde_json::json;
use vestibule::domain::{
    actor::{Actor, Role},
    problem::{ProblemCode, ServiceError, UpstreamCause},
    provider::{ConfigInput, NewProvider, ProviderConfig, SamlInput},
};
use vestibule_app::api::{
    ApiError,
    provider_form::{ConnectionForm, NewProviderForm},
};

use super::{
    certificate,
    metadata::{AGGREGATE, OKTA},
};
use crate::support::{
    TestApp,
    app::saml_provider,
    hostile::{self, Hostile, redirect},
};

async fn server() -> Hostile {
    Hostile::serve(
        Router::new()
            .route("/saml", hostile::page(200, "application/samlmetadata+xml", OKTA))
            .route("/text", hostile::page(200, "text/plain", AGGREGATE))
            .route("/html", hostile::page(200, "text/html", "<!DOCTYPE html><p>MARKER"))
            .route("/json", hostile::json("{\"MARKER\": 1}"))
            .route("/gone", hostile::page(410, "text/plain", "MARKER"))
            .route("/long", hostile::page(200, "application/xml", " ".repeat(8 * 1024 * 1024 + 1)))
            .route("/moved", redirect(302, "/saml"))
            .route("/inside", redirect(302, "http://169.254.169.254/latest/meta-data/")),
    )
    .await
}

#[tokio::test]
async fn metadata_is_read_from_addresses_whatever_they_call_it() {
    let app = TestApp::start().await;
    let server = server().await;
    for (path, providers) in [("/saml", 1), ("/moved", 1), ("/text", 2)] {
        let url = server.url(path).to_string();
        let report = app.services.saml_metadata.fetch(&Actor::operator(), &url, true).await.expect("metadata");
        assert_eq!((report.url.as_deref(), report.providers.len()), (Some(url.as_str()), providers));
    }
}

#[tokio::test]
async fn what_cannot_be_fetched_is_reported_like_a_discovery_document() {
    let app = TestApp::start().await;
    let server = server().await;
    for (url, expected, advice) in [
        (server.url("/gone").to_string(), "HTTP 410", "Check the address"),
        (server.url("/html").to_string(), "this is a web page, not SAML metadata", "Enter the address of the metadata"),
        (server.url("/json").to_string(), "this is JSON, and SAML metadata is XML", "Get the metadata"),
        (app.openid.discovery_url(), "the discovery document of an OpenID Connect provider", "Add the provider as"),
        (OKTA.to_owned(), "This is a document, not an address.", "Enter the address"),
        (server.url("/long").to_string(), "longer than 8388608 bytes", "Check the address"),
        (server.url("/inside").to_string(), "169.254.169.254", "can only be opened by itself"),
        ("https://10.0.0.1/metadata".to_owned(), "10.0.0.1", "VESTIBULE_OUTBOUND_ALLOW"),
        ("nonsense".to_owned(), "Enter a full URL", "Enter the address"),
        ("file:///etc/passwd".to_owned(), "Only http and https", "Enter the address"),
    ] {
        let error = app.services.saml_metadata.fetch(&Actor::operator(), &url, true).await.expect_err("no metadata");
        let ServiceError::Upstream { message, advice: reported, .. } = &error else { panic!("{error:?}") };
        assert!(message.contains(expected) && !message.contains("MARKER"), "{url}: {message}");
        assert!(reported.contains(advice), "{url}: {reported}");
    }
    let error = app.services.saml_metadata.fetch(&Actor::operator(), "https://10.0.0.1/", true).await;
    assert!(matches!(error, Err(ServiceError::Upstream { cause: UpstreamCause::Refused { .. }, .. })));
}

#[tokio::test]
async fn pasted_metadata_is_read_and_its_faults_are_problems_of_the_document() {
    let app = TestApp::start().await;
    let report = app.services.saml_metadata.read(&Actor::operator(), OKTA).await.expect("metadata");
    assert_eq!((report.url, report.providers.len()), (None, 1));
    let error = app.services.saml_metadata.read(&Actor::operator(), "<a>MARKER").await.expect_err("it is broken");
    let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("document", ProblemCode::Malformed));
    assert_eq!(
        problems[0].message,
        "The document is not SAML metadata: its root is neither EntityDescriptor nor EntitiesDescriptor (line 1, \
         column 1). Get the metadata from the identity provider again, as a file and unchanged."
    );
}

#[tokio::test]
async fn an_address_in_place_of_a_document_is_reported_as_such() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let document = "https://login.example.com/tenant/federationmetadata/2007-06/federationmetadata.xml?appid=1\n";
    let answer = app.call(&visitor, "saml-metadata/read", json!({"document": document})).await;
    let error: ApiError = serde_json::from_value(answer.expect(422)).expect("an error");
    assert_eq!(
        error.problems()[0].message,
        "This is an address, not a document. Enter it as the metadata URL: the metadata is read from there."
    );
}

#[tokio::test]
async fn base64_of_pem_is_a_certificate_in_the_form_too() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let app = TestApp::start().await;
    let config = |certificate: &str| match saml_provider("x").config {
        ConfigInput::Saml(input) => ConfigInput::Saml(SamlInput { certificate: certificate.to_owned(), ..input }),
        other => other,
    };
    let new = |certificate: &str| NewProvider { config: config(certificate), ..saml_provider("x") };
    let made = app.create_new(new(&STANDARD.encode(certificate!("good")))).await.expect("a provider");
    let ProviderConfig::Saml(saml) = made.config else { panic!("{:?}", made.config) };
    assert_eq!(saml.certificates[0].pem, certificate!("good"));
    let error = app.create_new(new("https://idp.example/idp.crt")).await.expect_err("an address");
    let ServiceError::Invalid { problems } = error else { panic!("{error:?}") };
    let reported = problems.iter().find(|problem| problem.field == "certificate").expect("a problem");
    assert!(reported.message.starts_with("This is an address, not a certificate."), "{}", reported.message);
}

#[tokio::test]
async fn a_megabyte_can_be_pasted_by_whoever_is_signed_in() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let padding = format!("<!--{}-->", "\" ".repeat(400_000));
    let document = OKTA.replace("<md:IDPSSODescriptor", &format!("{padding}<md:IDPSSODescriptor"));
    app.call(&visitor, "saml-metadata/read", json!({"document": document})).await.expect(200);
    let answer = app.call(&visitor, "saml-metadata/read", json!({"document": " ".repeat(3_000_000)})).await;
    assert_eq!(answer.status, 413);
    let answer = app.call(&Default::default(), "saml-metadata/read", json!({"document": document})).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn the_portal_creates_and_changes_saml_providers() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let settings = SamlInput {
        entity_id: " urn:example:idp ".to_owned(),
        sso_url: "https://idp.example.com/sso".to_owned(),
        certificate: certificate!("good").to_owned(),
        ..SamlInput::default()
    };
    let form = NewProviderForm {
        slug: None,
        label: "ADFS".to_owned(),
        owner: None,
        enabled: true,
        provisioning: Default::default(),
        connection: ConnectionForm::Saml(settings.clone()),
        mapping: Default::default(),
        allowed_domains: Vec::new(),
        allowed_redirects: Vec::new(),
        management_url: String::new(),
    };
    let id = app.call(&visitor, "providers/create", json!({"form": form})).await.expect(200);
    let both = format!("{}{}", certificate!("good"), certificate!("next"));
    let slo_url = Some("https://idp.example.com/slo".to_owned());
    let change = json!({"connection": {"saml": SamlInput { certificate: both, slo_url, ..settings.clone() }}});
    app.call(&visitor, "providers/update", json!({"id": id, "version": 1, "change": change})).await.expect(200);
    let detail = app.call(&visitor, "providers/get", json!({"id": id})).await.expect(200);
    let config: ProviderConfig = serde_json::from_value(detail["provider"]["config"].clone()).expect("a configuration");
    let ProviderConfig::Saml(saml) = config else { panic!("{config:?}") };
    assert_eq!((saml.entity_id.as_str(), saml.certificates.len()), ("urn:example:idp", 2));
    assert_eq!(saml.slo_url.as_deref(), Some("https://idp.example.com/slo"));
    let broken = json!({"connection": {"saml": SamlInput { certificate: "x".to_owned(), ..settings }}});
    let answer = app.call(&visitor, "providers/update", json!({"id": id, "version": 2, "change": broken})).await;
    let error: ApiError = serde_json::from_value(answer.expect(422)).expect("an error");
    assert_eq!(error.problems()[0].field, "certificate");
}

#[tokio::test]
async fn the_portal_sends_saml_settings_with_space_and_blank_texts() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let settings = json!({
        "entity_id": "  urn:example:idp  ",
        "sso_url": "  https://idp.example.com/sso  ",
        "slo_url": "",
        "certificate": certificate!("good"),
        "name_id_format": "  urn:oasis:names:tc:SAML:2.0:nameid-format:persistent  ",
        "metadata_url": "  ",
    });
    let id = app.create_new(saml_provider("ADFS")).await.expect("a provider").id;
    let change = json!({"connection": {"saml": settings}});
    app.call(&visitor, "providers/update", json!({"id": id, "version": 1, "change": change})).await.expect(200);
    let detail = app.call(&visitor, "providers/get", json!({"id": id})).await.expect(200);
    let config: ProviderConfig = serde_json::from_value(detail["provider"]["config"].clone()).expect("a configuration");
    let ProviderConfig::Saml(saml) = config else { panic!("{config:?}") };
    assert_eq!((saml.entity_id.as_str(), saml.sso_url.as_str()), ("urn:example:idp", "https://idp.example.com/sso"));
    assert_eq!(saml.name_id_format, "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
    assert_eq!((saml.slo_url, saml.metadata_url), (None, None));
    let form: ConnectionForm = serde_json::from_value(json!({"saml": settings})).expect("a form");
    let ConfigInput::Saml(input) = form.into() else { panic!("another protocol") };
    assert_eq!((input.entity_id.as_str(), input.slo_url), ("urn:example:idp", None));
}
