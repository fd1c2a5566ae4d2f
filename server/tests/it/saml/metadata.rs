//! Reading metadata as products write it.

use vestibule::{
    domain::{
        provider::{SamlEndpoint, SamlService},
        saml_metadata::{MetadataProvider, MetadataReport, SamlAttribute},
        timestamp::Timestamp,
    },
    testing::protocol::saml::metadata::{self, BINDING_POST, BINDING_REDIRECT},
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
fn attributes_that_can_be_mapped_are_reported_once() {
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
        [
            "The entity was valid until 10 days ago.",
            "The certificate C=DE, O=Example, CN=idp.example.com expired of KeyDescriptor 1 (use=\"signing\") of \
             IDPSSODescriptor 1 expired 1110 days ago. Get the provider's current signing certificate and enter it here.",
        ]
    );
}

#[test]
fn a_language_other_than_english_is_better_than_none() {
    let german = AGGREGATE.replace("xml:lang=\"en\"", "xml:lang=\"de\"");
    assert_eq!(read(&german).providers[0].display_name.as_deref(), Some("Universität & Beispiel"));
}

#[test]
fn names_are_distinguished_by_namespace_and_not_by_prefix() {
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
    assert!(error.to_string().starts_with("the document is not SAML metadata"), "{error}");
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
            "It publishes no signing certificate: its keys are for encryption alone. Ask the provider for the \
             certificate it signs with, and enter it by hand.",
            "It has no single sign-on endpoint with the HTTP-Redirect or the HTTP-POST binding.",
        ]
    );
    let script = OKTA.replace("Location=\"https:", "Location=\"javascript:");
    let provider = only(read(&script));
    assert!(provider.endpoints.is_empty());
    assert_eq!(
        provider.warnings[..2],
        [1, 2].map(|number| format!(
            "The SingleSignOnService {number} of IDPSSODescriptor 1 is left out: its Location is not an http or https \
             URL. Ask the provider to correct its metadata, or enter the address by hand."
        ))
    );
    let unbound = only(read(&OKTA.replacen("Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" ", "", 1)));
    assert_eq!(unbound.endpoints.len(), 1);
    assert!(unbound.warnings[0].starts_with("The SingleSignOnService 1 of IDPSSODescriptor 1 is left out: it has no"));
}

const PLACE: &str = "KeyDescriptor 1 (use=\"signing\") of IDPSSODescriptor 1";
const ADVICE: &str = "Ask the provider to publish the certificate itself, in base64, or enter it by hand.";
const NOTHING: &str = "No signing certificate could be taken over. Ask the provider for it, and enter it by hand.";

/// The text of Okta's certificate.
fn certificate_text() -> &'static str {
    let (_, rest) = OKTA.split_once("<ds:X509Certificate>").expect("a certificate");
    rest.split_once("</ds:X509Certificate>").expect("an end").0
}

#[test]
fn a_certificate_that_is_left_out_is_named_with_its_place_and_the_reason() {
    let text = certificate_text();
    for (instead, why) in [
        ("sp.crt", "it holds the name of a file, not a certificate"),
        ("", "it is empty"),
        ("AAAA", "its base64 is not an X.509 certificate"),
        ("some words", "its text is not base64"),
        ("https://idp.example/certificate", "it holds an address, not a certificate"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "it holds a public key, not a certificate"),
        (&text.replacen("MII", "M!I", 1), "its text is not base64"),
    ] {
        let provider = only(read(&OKTA.replace(text, instead)));
        assert!(provider.certificates.is_empty() && provider.has_unread_keys);
        let expected = format!("In {PLACE}, X509Certificate 1 is left out: {why}. {ADVICE}");
        assert_eq!(provider.warnings, [expected.as_str(), NOTHING]);
    }
    // The key's number counts those for encryption, and the role's number all roles.
    let (head, rest) = OKTA.split_once("<md:IDPSSODescriptor").expect("a role");
    let role = format!("<md:IDPSSODescriptor{}", rest.split_once("</md:EntityDescriptor>").expect("an end").0);
    let encryption = "<md:KeyDescriptor use=\"encryption\"/><md:KeyDescriptor";
    let second =
        role.replace(text, "sp.crt").replacen("<md:KeyDescriptor", encryption, 1).replace(" use=\"signing\"", "");
    let report = read(&format!("{head}{role}{second}</md:EntityDescriptor>"));
    let warning = &report.providers[1].warnings[0];
    assert!(warning.starts_with("In KeyDescriptor 2 (without use) of IDPSSODescriptor 2, X509"), "{warning}");
}

#[test]
fn what_a_provider_lacks_is_reported_behind_any_number_of_warnings() {
    let attributes: String =
        (0..60).map(|_| "<saml:Attribute xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>").collect();
    let with_attributes =
        |text: &str| text.replace("</md:IDPSSODescriptor>", &format!("{attributes}</md:IDPSSODescriptor>"));
    let provider = only(read(&with_attributes(&OKTA.replace(certificate_text(), "idp.crt"))));
    assert_eq!(provider.warnings.len(), 52, "{:?}", provider.warnings);
    assert_eq!(provider.warnings[50..], ["11 more warnings are not shown.", NOTHING]);
    let one_less = only(read(&with_attributes(OKTA)));
    assert_eq!(one_less.warnings[50..], ["10 more warnings are not shown."]);
}

#[test]
fn common_encodings_within_metadata_are_read() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let good = super::certificate!("good");
    for instead in [
        STANDARD.encode(good),
        good.to_owned(),
        good.replace('\n', " "),
        certificate_text().trim().replace('\n', "&#13;\n"),
    ] {
        assert_eq!(only(read(&OKTA.replace(certificate_text(), &instead))), only(read(OKTA)), "{instead}");
    }
    // Lines in front are skipped, and reported.
    let explained = OKTA.replace(certificate_text(), &format!("subject=/CN=chat.example/O=X{}", certificate_text()));
    let provider = only(read(&explained));
    assert_eq!(provider.certificates, only(read(OKTA)).certificates);
    assert_eq!(provider.warnings.len(), 1);
    assert!(
        provider.warnings[0].starts_with(&format!("In {PLACE}, X509Certificate 1 holds lines that are not base64")),
        "{:?}",
        provider.warnings
    );
}

#[test]
fn one_bad_certificate_does_not_take_the_good_ones_with_it() {
    let broken = "<ds:X509Certificate>AAAA</ds:X509Certificate>";
    let why = format!("In {PLACE}, X509Certificate 1 is left out: its base64 is not an X.509 certificate. {ADVICE}");
    for before in [broken.to_owned(), format!("{broken}</ds:X509Data><ds:X509Data>")] {
        let provider = only(read(&OKTA.replace("<ds:X509Data>", &format!("<ds:X509Data>{before}"))));
        assert_eq!(subjects(&provider), ["C=DE, O=Example, CN=idp.example.com"]);
        assert_eq!(provider.warnings, [why.as_str()]);
        let behind = only(read(&OKTA.replace("</ds:X509Data>", &format!("{before}</ds:X509Data>"))));
        assert_eq!(subjects(&behind), ["C=DE, O=Example, CN=idp.example.com"]);
        assert_eq!(behind.warnings, [why.replace("X509Certificate 1", "X509Certificate 2")]);
    }
    let descriptor = format!(
        "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data>{broken}</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    );
    let provider = only(read(&OKTA.replace("<md:NameIDFormat>", &format!("{descriptor}<md:NameIDFormat>"))));
    assert_eq!(provider.certificates.len(), 1);
    assert!(provider.warnings[0].starts_with("In KeyDescriptor 2 (use=\"signing\")"), "{:?}", provider.warnings);
}

#[test]
fn elements_in_another_namespace_are_named_with_both() {
    let elsewhere = |names: &[&str], prefix: &str| {
        names.iter().fold(OKTA.to_owned(), |text, name| {
            text.replace(&format!("<ds:{name}"), &format!("<{prefix}{name}"))
                .replace(&format!("</ds:{name}"), &format!("</{prefix}{name}"))
        })
    };
    let metadata = "the namespace urn:oasis:names:tc:SAML:2.0:metadata";
    for (names, prefix, found) in [
        (["KeyInfo", "X509Data", "X509Certificate"].as_slice(), "md:", format!("KeyInfo is in {metadata}")),
        (&["KeyInfo"], "", "KeyInfo is in no namespace".to_owned()),
        (&["X509Data"], "md:", format!("X509Data is in {metadata}")),
        (&["X509Certificate"], "", "X509Certificate is in no namespace".to_owned()),
    ] {
        // The prefix is declared at KeyInfo, whose own prefix may be another.
        let document = elsewhere(names, prefix);
        let provider = only(read(&document));
        let expected = format!(
            "In {PLACE}, {found}, expected http://www.w3.org/2000/09/xmldsig#. It is left out. Ask the provider to \
             correct its metadata, or enter the certificate by hand."
        );
        assert_eq!(provider.warnings, [expected.as_str(), NOTHING]);
    }
    for (element, expected) in
        [("KeyDescriptor", "metadata"), ("SingleSignOnService", "metadata"), ("NameIDFormat", "metadata")]
    {
        let document = OKTA
            .replace(&format!("<md:{element}"), &format!("<x:{element} xmlns:x=\"urn:other\""))
            .replace(&format!("</md:{element}"), &format!("</x:{element}"));
        let provider = only(read(&document));
        let warning = format!(
            "In IDPSSODescriptor 1, {element} is in the namespace urn:other, expected \
             urn:oasis:names:tc:SAML:2.0:{expected}."
        );
        assert!(provider.warnings[0].starts_with(&warning), "{:?}", provider.warnings);
    }
}

#[test]
fn a_use_that_nobody_knows_is_reported_and_its_spelling_is_not() {
    for fine in ["SIGNING", "", " signing "] {
        let provider = only(read(&OKTA.replace("use=\"signing\"", &format!("use=\"{fine}\""))));
        assert_eq!((provider.certificates.len(), provider.warnings.len()), (1, 0), "{fine}");
    }
    let provider = only(read(&OKTA.replace("use=\"signing\"", "use=\"sign\"")));
    assert_eq!(
        provider.warnings,
        [
            "The KeyDescriptor 1 (use=\"sign\") of IDPSSODescriptor 1 is left out: its use is neither signing nor \
             encryption. If the provider signs with it, enter the certificate by hand.",
            NOTHING,
        ]
    );
}

#[test]
fn keys_that_no_sign_in_could_verify_are_reported() {
    for (pem, kind) in [
        (super::certificate!("dsa"), "DSA"),
        (super::certificate!("secp256k1"), "EC secp256k1"),
        (super::certificate!("ed25519"), "Ed25519"),
    ] {
        let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let provider = only(read(&OKTA.replace(certificate_text(), &bare)));
        assert_eq!((provider.certificates.len(), provider.warnings.len()), (1, 1), "{:?}", provider.warnings);
        let said = format!("of {PLACE} has a key of the kind {kind}, which no sign-in can verify. Let the provider");
        assert!(provider.warnings[0].contains(&said), "{:?}", provider.warnings);
    }
}

#[test]
fn an_entity_without_its_identifier_does_not_take_the_others_with_it() {
    let entity = OKTA.split_once("?>").expect("a declaration").1.trim();
    let nameless = entity.replacen("entityID=", "entityId=", 1);
    let around = |entities: &str| {
        format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{entities}</EntitiesDescriptor>")
    };
    let report = read(&around(&format!("{nameless}{entity}{nameless}")));
    assert_eq!(report.providers.len(), 1);
    assert_eq!(
        report.warnings,
        ["Left out, since they have no entityID of 1 to 1024 characters: the EntityDescriptors number 1, 3."]
    );
    let error = metadata::read_text(&around(&nameless), NOW).expect_err("nobody is left");
    assert_eq!(error.kind, metadata::MetadataErrorKind::NoEntityId);
}

#[test]
fn nothing_of_a_role_is_left_out_without_a_word() {
    let end = "</md:IDPSSODescriptor>";
    let long = "x".repeat(300);
    let attribute = |name: &str| format!(r#"<Attribute xmlns="urn:oasis:names:tc:SAML:2.0:assertion" {name}/>"#);
    let formats: String = (0..20).map(|number| format!("<md:NameIDFormat>urn:{number}</md:NameIDFormat>")).collect();
    for (added, warning) in [
        (attribute(r#"Name="two words""#), "The attribute number 1 has a space in its Name and is left out."),
        (attribute(""), "The attribute number 1 has no Name and is left out."),
        (
            attribute(&format!("Name=\"{long}\"")),
            "The attribute number 1 has a Name of more than 255 bytes and is left out.",
        ),
        (formats, "There are more than 16 NameIDFormats; the others are left out."),
        (
            format!("<md:NameIDFormat>{long}</md:NameIDFormat>"),
            "A NameIDFormat that is longer than 255 bytes is left out.",
        ),
        (
            "<md:SingleLogoutService Binding=\"urn:b\" Location=\"https://a.example\" ResponseLocation=\"/x\"/>"
                .to_owned(),
            "The ResponseLocation of the SingleLogoutService 1 of IDPSSODescriptor 1 is left out, since it is not an \
             http or https URL. Answers go to its Location.",
        ),
    ] {
        assert_eq!(only(read(&OKTA.replace(end, &format!("{added}{end}")))).warnings, [warning]);
    }
}

#[test]
fn a_chain_beside_a_key_is_not_trusted() {
    let certificate = |name: &str| name.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let chain =
        format!("<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>", certificate(super::certificate!("next")));
    let provider = only(read(&OKTA.replace("</ds:X509Data>", &chain)));
    assert_eq!(subjects(&provider), ["C=DE, O=Example, CN=idp.example.com"]);
    assert_eq!(
        provider.warnings,
        [format!(
            "In {PLACE}, there are several certificates. The first that can be read is used, C=DE, O=Example, \
             CN=idp.example.com; these are left out: C=DE, O=Example, CN=idp.example.com next. If the provider signs with \
             one of them, enter it by hand as well."
        )]
    );
    // A chain in one PEM text is no different.
    let both = format!("{}{}", super::certificate!("good"), super::certificate!("next"));
    let in_one = only(read(&OKTA.replace(certificate_text(), &both)));
    assert_eq!((in_one.certificates, in_one.warnings), (provider.certificates, provider.warnings));
    let value = "<ds:KeyValue/></ds:KeyInfo>";
    let bare = OKTA.replace("</ds:KeyInfo>", value).replace("X509Certificate", "X509CRL");
    assert_eq!(
        only(read(&bare)).warnings[0],
        format!("In {PLACE}, there is no X509Certificate, but a KeyValue, so that the key is left out. {ADVICE}")
    );
}

#[test]
fn an_expired_document_says_so() {
    let expired = AGGREGATE.replace("2027-02-01T00:00:00Z", "2027-01-13T08:00:00Z");
    assert_eq!(read(&expired).warnings, ["The document was valid until 2 days ago."]);
    let odd = AGGREGATE.replace("2027-02-01T00:00:00Z", "tomorrow");
    assert_eq!(read(&odd).warnings, ["The validUntil of the document is no moment."]);
}
