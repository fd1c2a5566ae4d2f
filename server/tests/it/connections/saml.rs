//! The steps of testing a SAML provider.

use axum::Router;
use vestibule::domain::{
    actor::Actor,
    connection::{StepStatus, TestReport},
    provider::{ConfigInput, SamlInput},
};

use super::{odd, step, steps};
use crate::{
    saml::{certificate, metadata::OKTA},
    support::{
        TestApp,
        app::saml_provider,
        hostile::{self, Hostile},
    },
};

/// A provider whose sign-on address answers, and whose metadata is that of the fixture.
async fn server() -> Hostile {
    Hostile::serve_knowing_itself(|base| {
        let metadata = OKTA.replace("https://example.okta.com/app/example_app_1/exk1exampleexample0h7", base);
        Router::new()
            .route("/sso/saml", hostile::page(405, "text/plain", ""))
            .route("/metadata", hostile::page(200, "application/samlmetadata+xml", metadata))
    })
    .await
}

fn input(server: &Hostile) -> SamlInput {
    match saml_provider("x").config {
        ConfigInput::Saml(input) => SamlInput {
            entity_id: "http://www.okta.com/exk1exampleexample0h7".to_owned(),
            sso_url: server.url("/sso/saml").to_string(),
            metadata_url: Some(server.url("/metadata").to_string()),
            ..input
        },
        other => panic!("{other:?}"),
    }
}

async fn test(input: SamlInput) -> TestReport {
    let app = TestApp::start().await;
    let config = ConfigInput::Saml(input);
    let tests = &app.services.connections;
    tests.test_unsaved(&Actor::operator(), None, None, config, None, None).await.expect("a report")
}

#[tokio::test]
async fn a_flawless_provider_passes_every_step() {
    let server = server().await;
    let report = test(input(&server)).await;
    let expected = ["certificate", "entity_id", "addresses", "sso", "metadata"].map(|name| (name, StepStatus::Ok));
    assert_eq!(steps(&report), expected);
    assert_eq!(step(&report, "sso").message, "The sign-on address answers (HTTP 405).");
    assert_eq!(report.certificates[0].subject, "C=DE, O=Example, CN=idp.example.com");
    assert_eq!(report.status(), StepStatus::Ok);
}

#[tokio::test]
async fn certificates_that_are_not_fit_fail() {
    let server = server().await;
    let subject = "The certificate C=DE, O=Example, CN=idp.example.com";
    for (certificate, message) in [
        ("", "Enter the provider's signing certificate: PEM, or base64 without the BEGIN and END lines.".to_owned()),
        (certificate!("expired"), format!("{subject} expired expired 1110 days ago.")),
        (certificate!("future"), format!("{subject} future is not valid yet; it begins in 1082 days.")),
        (certificate!("md5"), format!("{subject} md5 is signed with MD5, which is broken.")),
        (certificate!("dsa"), format!("{subject} dsa has a key of the kind DSA, which no sign-in can verify.")),
        (
            certificate!("rsa_1024"),
            format!("{subject} rsa_1024 has an RSA key of 1024 bits, and fewer than 2048 can be broken."),
        ),
    ] {
        let report =
            test(SamlInput { certificate: certificate.to_owned(), metadata_url: None, ..input(&server) }).await;
        assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("certificate", StepStatus::Failed));
        assert_eq!(report.message(), message);
    }
}

#[tokio::test]
async fn certificates_that_are_weak_or_end_soon_are_warnings() {
    let server = server().await;
    let subject = "The certificate C=DE, O=Example, CN=idp.example.com";
    for (certificate, message) in [
        (certificate!("sha1"), format!("{subject} sha1 is signed with SHA-1, which is weak.")),
        (certificate!("soon"), format!("{subject} soon expires in 9 days.")),
        // The other one is fit.
        (concat!(certificate!("expired"), certificate!("good")), format!("{subject} expired expired 1110 days ago.")),
    ] {
        let report =
            test(SamlInput { certificate: certificate.to_owned(), metadata_url: None, ..input(&server) }).await;
        assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("certificate", StepStatus::Warning));
        assert_eq!(report.warnings, [message]);
    }
}

#[tokio::test]
async fn an_empty_entity_identifier_fails_and_an_unknown_format_is_a_warning() {
    let server = server().await;
    let blank = SamlInput { entity_id: " ".to_owned(), metadata_url: None, ..input(&server) };
    assert_eq!(odd(&test(blank).await).message, "There is no entity identifier.");
    let long = SamlInput { entity_id: "x".repeat(1025), metadata_url: None, ..input(&server) };
    assert_eq!(odd(&test(long).await).message, "The entity identifier is longer than 1024 characters.");
    let odd_format = SamlInput { name_id_format: "urn:example:format".to_owned(), ..input(&server) };
    let report = test(odd_format).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("entity_id", StepStatus::Warning));
}

#[tokio::test]
async fn addresses_must_be_whole() {
    let server = server().await;
    let relative = SamlInput { sso_url: "/sso".to_owned(), metadata_url: None, ..input(&server) };
    let report = test(relative).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("addresses", StepStatus::Failed));
    assert_eq!(report.message(), "The sign-on address is not a full http or https address.");
    let logout = SamlInput { slo_url: Some("javascript:x".to_owned()), ..input(&server) };
    assert_eq!(test(logout).await.message(), "The logout address is not a full http or https address.");
    let plain = SamlInput { slo_url: Some("http://idp.example/slo".to_owned()), metadata_url: None, ..input(&server) };
    assert_eq!(odd(&test(plain).await).message, "The logout address does not use https.");
}

#[tokio::test]
async fn a_sign_on_address_that_this_server_cannot_reach_is_only_a_warning() {
    let server = server().await;
    for address in ["https://10.0.0.1/sso", "http://127.0.0.1:1/sso"] {
        let input = SamlInput { sso_url: address.to_owned(), metadata_url: None, ..input(&server) };
        let report = test(input).await;
        let sso = step(&report, "sso");
        assert_eq!(sso.status, StepStatus::Warning);
        assert!(
            sso.message.starts_with("The sign-on address does not answer this server: could not read"),
            "{}",
            sso.message
        );
        assert!(report.success());
    }
}

#[tokio::test]
async fn metadata_that_differs_is_a_warning_with_each_difference() {
    let server = server().await;
    let input = SamlInput {
        sso_url: server.url("/elsewhere").to_string(),
        slo_url: Some("https://idp.example.com/slo".to_owned()),
        certificate: certificate!("next").to_owned(),
        ..input(&server)
    };
    let report = test(input).await;
    assert_eq!(odd(&report).name.as_str(), "metadata");
    assert_eq!(
        report.warnings,
        [
            "The published metadata does not name the sign-on address.",
            "The published metadata does not name the logout address.",
            "The provider publishes a signing certificate that is not configured.",
            "A configured signing certificate is no longer published.",
        ]
    );
    assert_eq!(odd(&report).advice, "Read the metadata again and take over what changed.");
}

#[tokio::test]
async fn metadata_of_somebody_else_or_none_is_a_warning() {
    let server = server().await;
    let other = SamlInput { entity_id: "urn:example:other".to_owned(), ..input(&server) };
    assert_eq!(test(other).await.warnings, ["The published metadata is about another entity."]);
    let missing = SamlInput { metadata_url: Some(server.url("/missing").to_string()), ..input(&server) };
    let report = test(missing).await;
    assert_eq!(odd(&report).status, StepStatus::Warning);
    assert!(odd(&report).message.ends_with("the server answered HTTP 404."));
}

#[tokio::test]
async fn an_entity_identifier_that_is_an_address_may_hold_metadata() {
    let server = server().await;
    let at_address =
        |path: &str| SamlInput { entity_id: server.url(path).to_string(), metadata_url: None, ..input(&server) };
    // Where nothing stands, nothing was compared, and no step says that it was.
    let report = test(at_address("/nothing")).await;
    assert_eq!(steps(&report).last(), Some(&("sso", StepStatus::Ok)));
    assert_eq!(report.status(), StepStatus::Ok);
    assert_eq!(test(at_address("/metadata")).await.warnings, ["The published metadata is about another entity."]);
}

#[tokio::test]
async fn a_published_key_that_cannot_be_read_is_not_reported_to_be_gone() {
    let metadata = OKTA.replace("</md:KeyDescriptor>", "</md:KeyDescriptor><md:KeyDescriptor/>");
    let server = Hostile::serve(
        Router::new()
            .route("/sso/saml", hostile::page(200, "text/plain", ""))
            .route("/metadata", hostile::page(200, "application/xml", metadata)),
    )
    .await;
    let sso_url = "https://example.okta.com/app/example_app_1/exk1exampleexample0h7/sso/saml".to_owned();
    let certificate = concat!(certificate!("good"), certificate!("next")).to_owned();
    let report = test(SamlInput { sso_url, certificate, ..input(&server) }).await;
    let message = "The published metadata holds a signing key that cannot be read or is left out.";
    assert_eq!(step(&report, "metadata").message, message);
}
