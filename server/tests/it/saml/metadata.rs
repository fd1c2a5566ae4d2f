//! Reading metadata as products write it.

use vestibule::{
    domain::{
        provider::{SamlEndpoint, SamlService},
        saml_metadata::{MetadataProvider, MetadataReport, SamlAttribute},
        timestamp::Timestamp,
    },
    protocol::saml::metadata::{self, BINDING_POST, BINDING_REDIRECT},
};

/// 2027-01-15T08:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

pub(crate) const ADFS: &str = include_str!("../../data/saml/metadata/adfs.xml");
pub(crate) const OKTA: &str = include_str!("../../data/saml/metadata/okta.xml");
pub(crate) const AGGREGATE: &str = include_str!("../../data/saml/metadata/aggregate.xml");

fn read(document: &str) -> MetadataReport {
    metadata::read_bytes(document.as_bytes(), NOW).expect("metadata")
}

fn only(report: MetadataReport) -> MetadataProvider {
    assert_eq!(report.providers.len(), 1);
    report.providers.into_iter().next().expect("a provider")
}

fn subjects(provider: &MetadataProvider) -> Vec<&str> {
    provider.certificates.iter().map(|certificate| certificate.summary.subject.as_str()).collect()
}

fn endpoint(service: SamlService, binding: &str, location: &str) -> SamlEndpoint {
    SamlEndpoint { service, binding: binding.to_owned(), location: location.to_owned(), response_location: None }
}

#[test]
fn adfs_is_read_with_both_certificates_of_its_rollover() {
    let report = read(ADFS);
    assert_eq!(
        report.warnings,
        ["The document is signed, and its signature is not verified: what counts is where you got it from."]
    );
    let provider = only(report);
    assert_eq!(provider.entity_id, "http://adfs.example.com/adfs/services/trust");
    // Neither the certificate of the document's signature nor those of other roles or for encryption.
    assert_eq!(
        subjects(&provider),
        ["C=DE, O=Example, CN=idp.example.com next", "C=DE, O=Example, CN=idp.example.com"]
    );
    let at = "https://adfs.example.com/adfs/ls/";
    assert_eq!(
        provider.endpoints,
        [
            endpoint(SamlService::SingleLogout, BINDING_REDIRECT, at),
            endpoint(SamlService::SingleLogout, BINDING_POST, at),
            endpoint(SamlService::SingleSignOn, BINDING_REDIRECT, at),
            endpoint(SamlService::SingleSignOn, BINDING_POST, at),
        ]
    );
    assert_eq!(provider.name_id_formats.len(), 3);
    let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(provider.attributes, [attribute(email, Some("E-Mail Address"))]);
    assert!(!provider.want_requests_signed && provider.display_name.is_none() && provider.warnings.is_empty());
}

fn attribute(name: &str, friendly_name: Option<&str>) -> SamlAttribute {
    SamlAttribute { name: name.to_owned(), friendly_name: friendly_name.map(str::to_owned) }
}

#[test]
fn attributes_that_can_be_mapped_are_told_once() {
    let listed = r#"<saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="mail"/>
        <saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="mail" FriendlyName="again"/>
        <saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="two words"/>
        <saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" FriendlyName="nameless"/>
        <saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="urn:oid:2.5.4.42" FriendlyName="givenName">
          <saml:AttributeValue>Ada</saml:AttributeValue>
        </saml:Attribute>
        <saml:Attribute xmlns:saml="urn:example:other" Name="of another kind"/>"#;
    let end = "</md:IDPSSODescriptor>";
    assert!(OKTA.contains(end));
    let provider = only(read(&OKTA.replace(end, &format!("{listed}{end}"))));
    assert_eq!(provider.attributes, [attribute("mail", None), attribute("urn:oid:2.5.4.42", Some("givenName"))]);
    let many: String = (0..500)
        .map(|number| format!(r#"<Attribute xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Name="urn:a:{number}"/>"#))
        .collect();
    assert_eq!(only(read(&OKTA.replace(end, &format!("{many}{end}")))).attributes.len(), 200);
}

#[test]
fn okta_is_read_and_nothing_is_wrong_with_it() {
    let report = read(OKTA);
    assert!(report.warnings.is_empty());
    let provider = only(report);
    assert_eq!(provider.entity_id, "http://www.okta.com/exk1exampleexample0h7");
    assert_eq!(subjects(&provider), ["C=DE, O=Example, CN=idp.example.com"]);
    assert_eq!(provider.endpoints.len(), 2);
    assert!(provider.warnings.is_empty());
}

#[test]
fn an_aggregate_is_read_with_its_identity_providers_alone() {
    let report = read(AGGREGATE);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let ids: Vec<_> = report.providers.iter().map(|provider| provider.entity_id.as_str()).collect();
    assert_eq!(ids, ["https://idp.university.example/idp/shibboleth", "urn:example:college"]);
    let [university, college] = &report.providers[..] else { panic!("two") };
    assert_eq!(university.display_name.as_deref(), Some("University of Example"));
    assert!(university.want_requests_signed && university.warnings.is_empty(), "{:?}", university.warnings);
    assert_eq!(
        university.endpoints[0].response_location.as_deref(),
        Some("https://idp.university.example/idp/profile/SAML2/Redirect/SLO/done")
    );
    assert_eq!(
        university.name_id_formats,
        ["urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"]
    );
    assert_eq!(college.display_name.as_deref(), Some("Collège"));
    assert_eq!(
        college.warnings,
        ["The entity was valid until 10 days ago.", "A signing certificate expired 1110 days ago."]
    );
}

#[test]
fn a_language_other_than_english_is_better_than_none() {
    let german = AGGREGATE.replace("xml:lang=\"en\"", "xml:lang=\"de\"");
    assert_eq!(read(&german).providers[0].display_name.as_deref(), Some("Universität & Beispiel"));
}

#[test]
fn names_are_told_apart_by_namespace_and_not_by_prefix() {
    // The prefixes are exchanged, so that every element means something else by its text.
    let swapped = OKTA
        .replace("md:", "x:")
        .replace("xmlns:md=", "xmlns:x=")
        .replace("<ds:", "<md:")
        .replace("</ds:", "</md:")
        .replace("xmlns:ds=", "xmlns:md=")
        .replace("x:", "ds:")
        .replace("xmlns:x=", "xmlns:ds=");
    assert_eq!(only(read(&swapped)), only(read(OKTA)));
    let foreign = OKTA.replace("urn:oasis:names:tc:SAML:2.0:metadata", "urn:example:other");
    let error = metadata::read_bytes(foreign.as_bytes(), NOW).expect_err("another namespace");
    assert!(error.to_string().starts_with("the document is no SAML metadata"), "{error}");
}

#[test]
fn entities_count_only_where_metadata_has_them() {
    // A second provider inside of what others skip.
    let inner = OKTA.split_once("?>").expect("a declaration").1.replace("exk1exampleexample0h7", "hidden");
    let hiding = OKTA.replace(
        "<md:IDPSSODescriptor",
        &format!("<md:Extensions><x:y xmlns:x=\"urn:x\">{inner}</x:y></md:Extensions><md:IDPSSODescriptor"),
    );
    assert_eq!(only(read(&hiding)).entity_id, "http://www.okta.com/exk1exampleexample0h7");
}

#[test]
fn comments_do_not_cut_a_value() {
    let commented = OKTA.replace("nameid-format:unspec", "nameid-format:<!-- - -->unspec");
    assert_eq!(only(read(&commented)), only(read(OKTA)));
    let cdata = OKTA.replace(
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified<",
        "<![CDATA[urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified]]><",
    );
    assert_eq!(only(read(&cdata)), only(read(OKTA)));
}

#[test]
fn several_roles_of_one_entity_are_offered_apart() {
    let (head, rest) = OKTA.split_once("<md:IDPSSODescriptor").expect("a role");
    let role = format!("<md:IDPSSODescriptor{}", rest.split_once("</md:EntityDescriptor>").expect("an end").0);
    let second = role.replace("example.okta.com", "second.okta.com").replace("\"false\"", "\"true\"");
    let report = read(&format!("{head}{role}{second}</md:EntityDescriptor>"));
    let [first, second] = report.providers.as_slice() else { panic!("{:?}", report.providers) };
    assert_eq!(*first, only(read(OKTA)));
    assert_eq!(first.entity_id, second.entity_id);
    assert!(second.want_requests_signed && !first.want_requests_signed);
    // Nothing of one counts for the other.
    assert!(second.endpoints.iter().all(|endpoint| endpoint.location.contains("second.okta.com")));
    assert_eq!((second.endpoints.len(), second.certificates.len()), (2, 1));
    assert!(
        report.warnings.iter().any(|warning| warning.contains("describes itself 2 times")),
        "{:?}",
        report.warnings
    );
}

#[test]
fn what_a_provider_lacks_is_a_warning() {
    let bare = OKTA
        .replace("HTTP-POST", "SOAP")
        .replace("HTTP-Redirect", "PAOS")
        .replace("use=\"signing\"", "use=\"encryption\"");
    assert_eq!(
        only(read(&bare)).warnings,
        [
            "It publishes no signing certificate.",
            "It has no single sign-on endpoint with the HTTP-Redirect or the HTTP-POST binding.",
        ]
    );
    let script = OKTA.replace("Location=\"https:", "Location=\"javascript:");
    let provider = only(read(&script));
    assert!(provider.endpoints.is_empty());
    assert_eq!(provider.warnings[0], "An endpoint without a binding or without an http or https address is left out.");
    let broken = OKTA.replace("MII", "M!I");
    assert_eq!(only(read(&broken)).warnings[0], "A signing certificate cannot be read and is left out.");
}

#[test]
fn a_chain_beside_a_key_is_not_trusted() {
    let certificate = |name: &str| name.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let chain =
        format!("<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>", certificate(super::certificate!("next")));
    let provider = only(read(&OKTA.replace("</ds:X509Data>", &chain)));
    assert_eq!(subjects(&provider), ["C=DE, O=Example, CN=idp.example.com"]);
    assert_eq!(provider.warnings, ["A signing key is published with several certificates; the first one is used."]);
    let value = "<ds:KeyValue/></ds:KeyInfo>";
    let bare = OKTA.replace("</ds:KeyInfo>", value).replace("X509Certificate", "X509CRL");
    assert_eq!(only(read(&bare)).warnings[0], "A signing key is published without a certificate and is left out.");
}

#[test]
fn an_expired_document_says_so() {
    let expired = AGGREGATE.replace("2027-02-01T00:00:00Z", "2027-01-13T08:00:00Z");
    assert_eq!(read(&expired).warnings, ["The document was valid until 2 days ago."]);
    let odd = AGGREGATE.replace("2027-02-01T00:00:00Z", "tomorrow");
    assert_eq!(read(&odd).warnings, ["The validUntil of the document is no moment."]);
}
