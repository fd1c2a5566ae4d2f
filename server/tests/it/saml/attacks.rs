//! Documents that mean harm, and documents that are broken.

use std::fmt::Write as _;

use proptest::prelude::*;
use vestibule::testing::protocol::recognise::Recognised;
use vestibule::testing::protocol::saml::metadata::{
    self, DocumentPosition, MAX_FETCHED_BYTES, MAX_PASTED_BYTES, MAX_PROVIDERS, MetadataErrorKind, NoProviderCause,
};

use super::metadata::{ADFS, AGGREGATE, NOW, OKTA};

fn refused(document: impl AsRef<[u8]>) -> MetadataErrorKind {
    let error = metadata::read_bytes(document.as_ref(), NOW).expect_err("it is refused");
    assert!(!error.explain().contains("MARKER"), "{}", error.explain());
    error.kind
}

fn malformed(document: &str) -> &'static str {
    match refused(document) {
        MetadataErrorKind::Malformed(what) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_doctype_is_refused_by_name() {
    let mut laughs = String::from("<!DOCTYPE lolz [<!ENTITY lol \"MARKER\">");
    for level in 1..10 {
        let before = if level == 1 { "lol".to_owned() } else { format!("lol{}", level - 1) };
        let _ = write!(laughs, "<!ENTITY lol{level} \"{}\">", format!("&{before};").repeat(10));
    }
    laughs.push_str("]>");
    let quadratic = format!("<!DOCTYPE q [<!ENTITY a \"{}\">]>", "MARKER".repeat(10_000));
    for dtd in [
        laughs.as_str(),
        quadratic.as_str(),
        "<!DOCTYPE x [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x SYSTEM \"http://169.254.169.254/MARKER.dtd\">",
        "<!DOCTYPE x PUBLIC \"a\" \"http://127.0.0.1/MARKER\">",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1/MARKER\"> %p;]>",
        "<!DOCTYPE>",
    ] {
        let body = OKTA.split_once("?>").expect("a declaration").1;
        assert_eq!(refused(format!("<?xml version=\"1.0\"?>\n{dtd}{body}")), MetadataErrorKind::Doctype);
    }
    let page = OKTA.replacen("<md:EntityDescriptor", "<!doctype html><md:EntityDescriptor", 1);
    assert_eq!(refused(page), MetadataErrorKind::Recognised(Recognised::WebPage));
    let error = metadata::read_text("\n\n <!-- a -->\n  <!DOCTYPE a><a/>", NOW).expect_err("a doctype");
    // Counted from the first thing that is no space.
    assert_eq!(error.place, Some(DocumentPosition { line: 2, column: 3 }));
    assert!(
        error.explain().starts_with("A DOCTYPE is not allowed in metadata (line 2, column 3). If this is a web page")
    );
}

#[test]
fn entities_beyond_the_five_are_refused_wherever_they_stand() {
    assert_eq!(refused(OKTA.replace("unspecified", "&MARKER;")), MetadataErrorKind::Entity);
    assert_eq!(refused(OKTA.replace("https://example.okta", "&MARKER;")), MetadataErrorKind::Entity);
    let fine = OKTA.replace("nameid-format:unspecified", "&amp;&lt;&gt;&quot;&apos;&#65;&#x42;");
    let report = metadata::read_bytes(fine.as_bytes(), NOW).expect("metadata");
    assert_eq!(report.providers[0].name_id_formats[0], "urn:oasis:names:tc:SAML:1.1:&<>\"'AB");
    for character in ["&#0;", "&#x1;", "&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#;", "&#x;"] {
        let document = OKTA.replace("unspecified", character);
        assert_eq!(refused(document), MetadataErrorKind::CharacterReference, "{character}");
    }
}

#[test]
fn nesting_has_an_end() {
    let deep = format!("{}{}", "<MARKER>".repeat(100_000), "</MARKER>".repeat(100_000));
    let inside = OKTA.replace("<md:IDPSSODescriptor", &format!("{deep}<md:IDPSSODescriptor"));
    assert_eq!(refused(inside), MetadataErrorKind::TooDeep { limit: 32 });
    assert_eq!(
        refused("<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">".repeat(50)),
        MetadataErrorKind::TooDeep { limit: 32 }
    );
}

#[test]
fn tags_attributes_and_values_have_an_end() {
    let with = |attributes: &str| OKTA.replace("<md:IDPSSODescriptor ", &format!("<md:IDPSSODescriptor {attributes} "));
    let mut many = String::new();
    for number in 0..3_000 {
        let _ = write!(many, " a{number}=\"MARKER\"");
    }
    assert_eq!(refused(with(&many)), MetadataErrorKind::TooManyAttributes { limit: 100 });
    assert_eq!(
        refused(with(&format!("a=\"{}\"", "MARKER".repeat(100_000)))),
        MetadataErrorKind::TagTooLong { limit: 65_536 }
    );
    assert_eq!(refused(with("a=\"1\" a=\"2\"")), MetadataErrorKind::DuplicateAttribute);
    let mut prefixes = String::new();
    for number in 0..2_000 {
        let _ = write!(prefixes, " xmlns:p{number}=\"urn:MARKER:{number}\"");
    }
    assert_eq!(refused(with(&prefixes)), MetadataErrorKind::Namespace);
    assert_eq!(
        refused(OKTA.replace("unspecified", &"MARKER".repeat(20_000))),
        MetadataErrorKind::ValueTooLong { limit: 65_536 }
    );
}

#[test]
fn documents_have_an_end() {
    assert_eq!(refused(vec![b' '; MAX_FETCHED_BYTES + 1]), MetadataErrorKind::TooLarge { limit: MAX_FETCHED_BYTES });
    let error = metadata::read_text(&" ".repeat(MAX_PASTED_BYTES + 1), NOW).expect_err("it is too long");
    assert_eq!(error.kind, MetadataErrorKind::TooLarge { limit: MAX_PASTED_BYTES });
    let one = "<EntityDescriptor entityID=\"urn:x\"><IDPSSODescriptor \
               protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"/></EntityDescriptor>";
    let many = |count| {
        let entities = one.repeat(count);
        format!("<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{entities}</EntitiesDescriptor>")
    };
    let report = metadata::read_bytes(many(MAX_PROVIDERS).as_bytes(), NOW).expect("metadata");
    assert_eq!(report.providers.len(), MAX_PROVIDERS);
    assert_eq!(report.warnings, ["Several entities have the same entityID."]);
    assert_eq!(refused(many(MAX_PROVIDERS + 1)), MetadataErrorKind::TooManyProviders);
}

#[test]
fn other_encodings_are_named() {
    let wide: Vec<u8> = OKTA.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut marked = b"\xff\xfe".to_vec();
    marked.extend(&wide);
    let big: Vec<u8> = OKTA.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for document in [&wide, &marked, &big] {
        assert_eq!(refused(document), MetadataErrorKind::WideEncoding);
    }
    assert_eq!(refused(OKTA.replace("UTF-8", "ISO-8859-1")), MetadataErrorKind::OtherEncoding);
    assert_eq!(refused(OKTA.replace("UTF-8", "UTF-7")), MetadataErrorKind::OtherEncoding);
    let error = metadata::read_bytes(b"<a>\n  \xe9</a>", NOW).expect_err("it is Latin-1");
    assert_eq!((error.kind, error.place), (MetadataErrorKind::NotUtf8, Some(DocumentPosition { line: 2, column: 3 })));
    // What was pasted is text already.
    metadata::read_text(&OKTA.replace("UTF-8", "UTF-16"), NOW).expect("metadata");
    metadata::read_text(&format!("\n \n{OKTA}"), NOW).expect("metadata");
    metadata::read_text(ADFS, NOW).expect("metadata");
}

#[test]
fn what_is_no_metadata_is_named() {
    assert_eq!(refused(""), MetadataErrorKind::Empty);
    assert_eq!(refused(" \n\t"), MetadataErrorKind::Empty);
    assert_eq!(refused("<a>MARKER</a>"), MetadataErrorKind::NotMetadata);
    assert_eq!(
        refused("<EntityDescriptor entityID=\"urn:x\"/>"),
        MetadataErrorKind::RootNamespace(
            "EntityDescriptor is in no namespace, expected urn:oasis:names:tc:SAML:2.0:metadata".to_owned()
        )
    );
    let entity =
        |attributes: &str| format!("<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" {attributes}/>");
    let none = |cause| MetadataErrorKind::NoProvider { entities: 1, cause };
    assert_eq!(refused(entity("entityID=\"urn:x\"")), none(NoProviderCause::Unknown));
    assert_eq!(refused(entity("")), MetadataErrorKind::NoEntityId);
    assert_eq!(refused(entity("entityID=\" \"")), MetadataErrorKind::NoEntityId);
    assert_eq!(refused(entity("x:entityID=\"urn:x\" xmlns:x=\"urn:x\"")), MetadataErrorKind::NoEntityId);
    assert_eq!(refused(entity("x:entityID=\"urn:x\"")), MetadataErrorKind::Namespace);
    assert_eq!(refused("<x:EntityDescriptor/>"), MetadataErrorKind::Namespace);
}

#[test]
fn a_document_of_another_kind_is_recognised() {
    let openid = r#"{"issuer": "https://MARKER.example", "authorization_endpoint": "https://MARKER.example/a"}"#;
    for (document, expected, advice) in [
        ("https://MARKER.example/federationmetadata.xml?appid=1", Recognised::Address, "Enter it as the metadata URL"),
        ("C:\\MARKER\\idp metadata.xml", Recognised::FileName, "Choose the file itself"),
        ("<!DOCTYPE html><title>MARKER</title>", Recognised::WebPage, "Enter the address of the metadata itself"),
        ("<html><body>MARKER</body></html>", Recognised::WebPage, "Enter the address of the metadata itself"),
        (openid, Recognised::OpenIdDocument, "Add the provider as an OpenID Connect provider"),
        ("{\"MARKER\": 1}", Recognised::Json, "Get the metadata"),
        ("-----BEGIN CERTIFICATE-----\nMARKER", Recognised::Pem, "as the signing certificate"),
        ("&lt;md:EntityDescriptor&gt;MARKER", Recognised::EscapedXml, "with < and > in it"),
    ] {
        for error in [
            metadata::read_bytes(document.as_bytes(), NOW).expect_err("it is no metadata"),
            metadata::read_text(&format!("\u{feff} {document}\n"), NOW).expect_err("it is no metadata"),
        ] {
            assert_eq!(error.kind, MetadataErrorKind::Recognised(expected));
            let reported = error.explain();
            assert!(
                reported.starts_with("This is ") && reported.contains(advice) && !reported.contains("MARKER"),
                "{reported}"
            );
        }
    }
    let chrome = format!("This XML file does not appear to have any style information.\n{OKTA}");
    let error = metadata::read_text(&chrome, NOW).expect_err("a sentence of the browser's");
    assert!(error.explain().contains("Remove what stands before the first <"), "{}", error.explain());
    // A file in UTF-16, as browsers read it.
    let wide: Vec<u8> = OKTA.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for document in [wide.clone(), [b"\xff\xfe".to_vec(), wide].concat()] {
        let error = metadata::read_text(&String::from_utf8_lossy(&document), NOW).expect_err("UTF-16");
        assert_eq!(error.kind, MetadataErrorKind::WideEncoding);
    }
}

#[test]
fn metadata_in_base64_is_read() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encoded = STANDARD.encode(OKTA);
    let (first, second) = encoded.split_at(76);
    for document in [encoded.clone(), format!("{first}\n{second}\n")] {
        let report = metadata::read_text(&document, NOW).expect("metadata");
        assert_eq!(report, metadata::read_text(OKTA, NOW).expect("metadata"));
    }
}

#[test]
fn why_there_is_no_provider_is_reported_by_the_document() {
    let reported = |document: &str| metadata::read_bytes(document.as_bytes(), NOW).expect_err("no provider").explain();
    let application = OKTA.replace("IDPSSODescriptor", "SPSSODescriptor");
    assert!(reported(&application).contains("a service provider, an application"), "{}", reported(&application));
    let older = OKTA.replace("SAML:2.0:protocol", "SAML:1.1:protocol");
    assert!(reported(&older).contains("does not hold urn:oasis:names:tc:SAML:2.0:protocol"), "{}", reported(&older));
    let role = OKTA.replace("<md:IDPSSODescriptor ", "<x:IDPSSODescriptor xmlns:x=\"urn:other\" ");
    let role = role.replace("</md:IDPSSODescriptor>", "</x:IDPSSODescriptor>");
    assert!(
        reported(&role).contains("IDPSSODescriptor is in the namespace urn:other, expected urn:oasis"),
        "{}",
        reported(&role)
    );
    let root = OKTA.replace("xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"", "xmlns:md=\"urn:other\"");
    assert!(
        reported(&root).contains("EntityDescriptor is in the namespace urn:other, expected urn:oasis"),
        "{}",
        reported(&root)
    );
}

#[test]
fn broken_xml_is_reported_in_few_words() {
    let at = |document: &str| metadata::read_bytes(document.as_bytes(), NOW).expect_err("it is broken").to_string();
    assert_eq!(malformed("MARKER"), "there is text outside of the root element");
    assert_eq!(malformed(&OKTA.replace("</md:EntityDescriptor>", "")), "the document ends within an element");
    assert_eq!(malformed(&format!("{OKTA}<MARKER/>")), "there is a second root element");
    assert_eq!(malformed(&format!("{OKTA}MARKER")), "there is text outside of the root element");
    assert_eq!(malformed(&OKTA.replace("</md:NameIDFormat>", "</MARKER>")), "an end tag does not match its start tag");
    assert_eq!(
        malformed(&OKTA.replace("use=\"signing\"", "use=MARKER")),
        "an attribute is not written as name=\"value\""
    );
    assert_eq!(malformed(&OKTA.replace("unspecified", "a & MARKER")), "an ampersand begins no reference");
    assert_eq!(malformed("<!-- MARKER"), "something is opened and not closed");
    assert_eq!(refused(OKTA.replace("unspecified", "\u{1}")), MetadataErrorKind::IllegalCharacter);
    assert_eq!(refused(OKTA.replace("unspecified", "\u{ffff}")), MetadataErrorKind::IllegalCharacter);
    assert_eq!(
        at(&OKTA.replace("</md:KeyDescriptor>", "</md:KeyDescriptorX>")),
        "the document is not well-formed XML: an end tag does not match its start tag (line 27, column 5)"
    );
}

#[test]
fn a_long_document_of_small_parts_is_read_to_its_end() {
    // Nothing in here grows faster than the document.
    let filler = "<!-- - --><x a=\"1\" b='2'>&amp;<![CDATA[]]></x>\n".repeat(10_000);
    let document =
        OKTA.replace("<md:IDPSSODescriptor", &format!("<md:Extensions>{filler}</md:Extensions><md:IDPSSODescriptor"));
    let report = metadata::read_bytes(document.as_bytes(), NOW).expect("metadata");
    assert_eq!(report.providers.len(), 1);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = metadata::read_bytes(&bytes, NOW).map_err(|error| error.explain());
    }

    #[test]
    fn arbitrary_markup_never_panics(text in r#"(<|>|/|\?|!|\[|\]|-|"|'|=|&|;|#|x|md:|xmlns|:| |\n|é|CDATA|DOCTYPE){0,60}"#) {
        let _ = metadata::read_text(&text, NOW).map_err(|error| error.explain());
    }

    #[test]
    fn changed_documents_never_panic(
        which in 0..3_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = [ADFS, OKTA, AGGREGATE][which].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(report) = metadata::read_bytes(&bytes, NOW) {
            prop_assert!(!report.providers.is_empty());
        }
    }
}
