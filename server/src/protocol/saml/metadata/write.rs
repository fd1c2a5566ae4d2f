//! Writes Vestibule's own metadata, as a service provider (SAML 2.0 Metadata, sections 2.3.2 and 2.4.4).
//!
//! It contains no key, since nothing is signed or decrypted here, and no logout.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::names::{BINDING_POST, PROTOCOL};

/// What Vestibule's own metadata says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceProvider<'a> {
    /// Vestibule's entity identifier.
    pub entity_id: &'a str,
    /// Where the provider posts its answers.
    pub consumer_url: &'a str,
    /// The format of name identifiers that is wanted.
    pub name_id_format: &'a str,
    /// Whether assertions must be signed.
    pub want_assertions_signed: bool,
}

/// For how long readers may keep the document. A root element says this or until when it holds (section 2.3.2).
const CACHE_DURATION: &str = "P1D";

/// The document, in UTF-8.
///
/// # Errors
/// Never in practice: it is written into memory.
pub fn write(service: ServiceProvider<'_>) -> io::Result<Vec<u8>> {
    let ServiceProvider { entity_id, consumer_url, name_id_format, want_assertions_signed } = service;
    let (entity_id, consumer_url) = (allowed(entity_id), allowed(consumer_url));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let entity = writer.create_element("md:EntityDescriptor").with_attributes([
        ("xmlns:md", "urn:oasis:names:tc:SAML:2.0:metadata"),
        ("entityID", entity_id.as_str()),
        ("cacheDuration", CACHE_DURATION),
    ]);
    entity.write_inner_content(|writer| {
        let role = writer.create_element("md:SPSSODescriptor").with_attributes([
            ("WantAssertionsSigned", if want_assertions_signed { "true" } else { "false" }),
            ("protocolSupportEnumeration", PROTOCOL),
        ]);
        // The schema fixes the order of what stands inside.
        role.write_inner_content(|writer| {
            let format = allowed(name_id_format);
            writer.create_element("md:NameIDFormat").write_text_content(BytesText::new(&format))?;
            let consumer = writer.create_element("md:AssertionConsumerService").with_attributes([
                ("Binding", BINDING_POST),
                ("Location", consumer_url.as_str()),
                ("index", "0"),
                ("isDefault", "true"),
            ]);
            consumer.write_empty()?;
            Ok(())
        })?;
        Ok(())
    })?;
    let mut document = writer.into_inner();
    document.push(b'\n');
    Ok(document)
}

/// What XML can hold of a text (XML 1.0, section 2.2): some characters have no spelling there, not even an escaped one.
fn allowed(text: &str) -> String {
    let is_allowed = |letter: &char| matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}');
    text.chars().filter(is_allowed).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn what_means_something_to_xml_is_escaped_and_what_it_cannot_hold_is_left_out() {
        let service = ServiceProvider {
            entity_id: "https://a.example/?a=1&b=\"<2>'",
            consumer_url: "https://a.example/\u{0}\u{ffff}callback",
            name_id_format: "urn:<&>",
            want_assertions_signed: false,
        };
        let document = String::from_utf8(write(service).unwrap()).unwrap();
        for part in [
            r#"entityID="https://a.example/?a=1&amp;b=&quot;&lt;2&gt;&apos;""#,
            r#"Location="https://a.example/callback""#,
            "<md:NameIDFormat>urn:&lt;&amp;&gt;</md:NameIDFormat>",
            r#"WantAssertionsSigned="false""#,
        ] {
            assert!(document.contains(part), "{part} is missing in {document}");
        }
    }
}
