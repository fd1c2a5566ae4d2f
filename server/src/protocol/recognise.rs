//! Recognises documents of another kind than the expected one.
//!
//! People paste an address in place of a document, save a web page, or confuse the metadata of two protocols. A parser that
//! rejects a document asks here for the cause, so that its message can name it. Nothing of the document is kept.

use serde_json::Value;

/// What a document looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// An http or https address.
    Address,
    /// The name of a file.
    FileName,
    /// An HTML page.
    WebPage,
    /// SAML metadata.
    SamlMetadata,
    /// Another XML document.
    Xml,
    /// XML whose `<` and `>` are written as `&lt;` and `&gt;`.
    EscapedXml,
    /// The discovery document of an OpenID Connect provider.
    OpenIdDocument,
    /// Another JSON document.
    Json,
    /// A PEM block.
    Pem,
}

/// How far into a document its root element is looked for: comments and declarations may stand before it.
const BEGINNING: usize = 4096;

/// The extensions of files that hold what is asked for.
const EXTENSIONS: [&str; 9] = [".xml", ".json", ".crt", ".cer", ".pem", ".der", ".key", ".p7b", ".pfx"];

impl Recognised {
    /// What a text looks like; nothing when it looks like nothing in particular.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with("-----BEGIN ") {
            return Some(Self::Pem);
        }
        if text.starts_with(['{', '[']) {
            return json(text);
        }
        if text.starts_with('<') {
            return Some(markup(text));
        }
        if text.starts_with("&lt;") {
            return Some(Self::EscapedXml);
        }
        let is_one_word = !text.is_empty() && text.len() <= 2000 && !text.contains(char::is_whitespace);
        let lower = text.to_ascii_lowercase();
        if is_one_word && (lower.starts_with("https://") || lower.starts_with("http://")) {
            return Some(Self::Address);
        }
        let is_one_line = !text.is_empty() && text.len() <= 500 && !text.contains(['\n', '\r']);
        if is_one_line && EXTENSIONS.iter().any(|extension| lower.ends_with(extension)) {
            return Some(Self::FileName);
        }
        None
    }

    /// What bytes look like.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok().and_then(Self::of)
    }
}

fn json(text: &str) -> Option<Recognised> {
    let value: Value = serde_json::from_str(text).ok()?;
    let is_openid = ["issuer", "authorization_endpoint"].iter().all(|member| value.get(member).is_some());
    Some(if is_openid { Recognised::OpenIdDocument } else { Recognised::Json })
}

fn markup(text: &str) -> Recognised {
    let end = (0..=text.len().min(BEGINNING)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let mut rest = &text[..end];
    // Past the declaration and comments.
    loop {
        rest = rest.trim_start();
        let past = match rest {
            _ if rest.starts_with("<!--") => rest.split_once("-->"),
            _ if rest.starts_with("<?") => rest.split_once("?>"),
            _ => break,
        };
        match past {
            Some((_, after)) => rest = after,
            None => break,
        }
    }
    let lower = rest.to_ascii_lowercase();
    let tag = lower.strip_prefix('<').unwrap_or_default();
    let name = tag.split(|letter: char| letter.is_whitespace() || "/>".contains(letter)).next().unwrap_or_default();
    let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
    match local {
        "html" | "head" | "body" => Recognised::WebPage,
        "!doctype" if tag.split_whitespace().nth(1).is_some_and(|root| root.starts_with("html")) => Recognised::WebPage,
        "entitydescriptor" | "entitiesdescriptor" => Recognised::SamlMetadata,
        _ => Recognised::Xml,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_take_for_something_else_is_recognised() {
        for (text, expected) in [
            (" https://login.example.com/federationmetadata.xml?appid=1\n", Some(Recognised::Address)),
            ("HTTP://login.example.com", Some(Recognised::Address)),
            ("C:\\Users\\Ada Lovelace\\idp metadata.xml", Some(Recognised::FileName)),
            ("sp.crt", Some(Recognised::FileName)),
            ("\u{feff}<!DOCTYPE html><p>", Some(Recognised::WebPage)),
            ("<!-- saved --><HTML lang=\"en\">", Some(Recognised::WebPage)),
            ("<?xml version=\"1.0\"?>\n<!-- a --><md:EntityDescriptor>", Some(Recognised::SamlMetadata)),
            ("<EntitiesDescriptor/>", Some(Recognised::SamlMetadata)),
            ("<!DOCTYPE lolz [", Some(Recognised::Xml)),
            ("<samlp:Response>", Some(Recognised::Xml)),
            ("&lt;md:EntityDescriptor&gt;", Some(Recognised::EscapedXml)),
            ("{\"issuer\": 1, \"authorization_endpoint\": 2}", Some(Recognised::OpenIdDocument)),
            ("{\"keys\": []}", Some(Recognised::Json)),
            ("{ broken", None),
            ("-----BEGIN CERTIFICATE-----", Some(Recognised::Pem)),
            ("<", Some(Recognised::Xml)),
            ("<!", Some(Recognised::Xml)),
            ("some words", None),
            ("", None),
        ] {
            assert_eq!(Recognised::of(text), expected, "{text}");
        }
        assert_eq!(Recognised::of(&format!("<{}é", "a".repeat(BEGINNING - 2))), Some(Recognised::Xml));
    }
}
