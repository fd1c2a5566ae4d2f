//! The metadata of this side, as SAML providers fetch it.

use quick_xml::{
    XmlVersion,
    events::{BytesStart, Event},
    reader::Reader,
};
use serde_json::json;
use vestibule::domain::{
    actor::{Actor, Role},
    provider::{ConfigInput, NewProvider, ProviderPatch, SamlInput},
};
use vestibule::service::ProviderRef;

use crate::support::{Answer, TestApp, app::saml_provider};

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// Names with values.
type Attributes = Vec<(String, String)>;

/// The elements of a document in order, each with its attributes and the text right inside it.
fn elements(document: &str) -> Vec<(String, Attributes, String)> {
    let mut reader = Reader::from_str(document);
    let mut found = Vec::new();
    let begin = |start: &BytesStart<'_>| {
        let name = start.name().as_ref().to_owned();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let key = attribute.key.as_ref().to_owned();
            (key, attribute.normalized_value(XmlVersion::Explicit1_0).expect("a value").into_owned())
        });
        (name, attributes.collect(), String::new())
    };
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) | Event::Empty(start) => found.push(begin(&start)),
            Event::Text(text) => {
                if let Some((.., inside)) = found.last_mut() {
                    inside.push_str(text.trim());
                }
            }
            Event::GeneralRef(reference) => {
                let letter = quick_xml::escape::resolve_predefined_entity(&reference).expect("one of the five of XML");
                found.last_mut().expect("an element").2.push_str(letter);
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

async fn metadata(app: &TestApp, provider: impl std::fmt::Display) -> Answer {
    app.get(&format!("/saml/metadata/{provider}"), None).await
}

#[tokio::test]
async fn it_says_what_the_portal_shows_and_nothing_that_is_not_there() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let id = app.create_new(saml_provider("ADFS")).await.expect("a provider").id;
    let shown = app.call(&admin, "providers/get", json!({"id": id})).await.expect(200);
    let answer = metadata(&app, id).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/samlmetadata+xml")));
    let entity_id = format!("https://id.example.com/sso/saml/metadata/{id}");
    let text = |text: &str| text.to_owned();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        elements(answer.text()),
        [
            (
                text("md:EntityDescriptor"),
                vec![
                    pair("xmlns:md", "urn:oasis:names:tc:SAML:2.0:metadata"),
                    pair("entityID", &entity_id),
                    pair("cacheDuration", "P1D"),
                ],
                String::new()
            ),
            (
                text("md:SPSSODescriptor"),
                vec![
                    pair("WantAssertionsSigned", "true"),
                    pair("protocolSupportEnumeration", "urn:oasis:names:tc:SAML:2.0:protocol"),
                ],
                String::new()
            ),
            (text("md:NameIDFormat"), vec![], text("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")),
            (
                text("md:AssertionConsumerService"),
                vec![
                    pair("Binding", POST),
                    pair("Location", shown["callback_url"].as_str().expect("an address")),
                    pair("index", "0"),
                    pair("isDefault", "true"),
                ],
                String::new()
            ),
        ]
    );
}

#[tokio::test]
async fn it_follows_the_settings_and_is_escaped() {
    let app = TestApp::at("https://id.example.com/a&b").await;
    let format = "urn:a&b<\"c\">'";
    let config = |name_id_format: &str| match saml_provider("x").config {
        ConfigInput::Saml(input) => {
            SamlInput { name_id_format: name_id_format.to_owned(), want_assertions_signed: false, ..input }
        }
        other => panic!("{other:?}"),
    };
    let new = NewProvider { config: ConfigInput::Saml(config(format)), enabled: false, ..saml_provider("ADFS") };
    let provider = app.create_new(new).await.expect("a provider");
    // Anyone who sets it up reads it before anybody may sign in.
    let read = elements(metadata(&app, provider.id).await.text());
    assert_eq!(read[0].1[1].1, format!("https://id.example.com/a&b/saml/metadata/{}", provider.id));
    assert_eq!((read[1].1[0].1.as_str(), read[2].2.as_str()), ("false", format));
    assert_eq!(read[3].1[1].1, format!("https://id.example.com/a&b/callback/{}", provider.id));
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let patch = ProviderPatch { saml: Some(config(persistent)), ..ProviderPatch::default() };
    app.update(&provider, patch).await.expect("a change");
    assert_eq!(elements(metadata(&app, provider.id).await.text())[2].2, persistent);
}

#[tokio::test]
async fn what_is_no_saml_provider_has_none() {
    let app = TestApp::start().await;
    let oidc = app.create("Okta").await.id;
    let gone = app.create_new(saml_provider("Gone")).await.expect("a provider").id;
    assert_eq!(metadata(&app, gone).await.status, 200);
    app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(gone)).await.expect("a deletion");
    let nobody = uuid::Uuid::from_u128(7).to_string();
    for provider in [oidc.to_string(), gone.to_string(), nobody, "adfs".to_owned(), "%00".to_owned()] {
        assert_eq!(metadata(&app, &provider).await.status, 404, "{provider}");
    }
    for path in ["/saml/metadata", "/saml/metadata/", "/saml"] {
        assert_eq!(app.get(path, None).await.status, 404, "{path}");
    }
}
