//! The text forms of certificates: PEM (RFC 7468), the bare base64 that metadata and web pages show, and what products
//! make of them: base64 of the PEM file, escaped line breaks, hexadecimal, `data:` addresses.

use base64::{Engine as _, alphabet, engine};

use super::error::{CertificateError, MAX_CERTIFICATES};
use crate::protocol::recognise::Recognised;

/// Takes base64 with and without padding: pages that show certificates drop it, and bits that are left over mean nothing.
const LENIENT: engine::GeneralPurposeConfig = engine::GeneralPurposeConfig::new()
    .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: engine::GeneralPurpose = engine::GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: engine::GeneralPurpose = engine::GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Beyond this many blocks nothing is read, duplicates included.
const MAX_BLOCKS: usize = MAX_CERTIFICATES * 5;

/// What a text holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks {
    /// The DER of every block, or of the whole text when there is no block in it.
    pub(super) ders: Vec<Vec<u8>>,
    /// Whether lines that are not base64 stand around a bare certificate.
    pub(super) has_explanation: bool,
}

pub(super) fn blocks(text: &str) -> Result<Blocks, CertificateError> {
    if text.contains(BEGIN) {
        return Ok(Blocks { ders: armoured(text)?, has_explanation: false });
    }
    let text = without_wrapping(text);
    if text.is_empty() {
        return Err(CertificateError::Empty);
    }
    if let Some(der) = hexadecimal(text) {
        return Ok(Blocks { ders: vec![der], has_explanation: false });
    }
    if let Some(bytes) = decode(text) {
        return Ok(Blocks { ders: unwrapped(bytes)?, has_explanation: false });
    }
    if let Some(what) = other_text(text) {
        return Err(CertificateError::OtherText { what });
    }
    match between_explanations(text) {
        Some(bytes) => Ok(Blocks { ders: unwrapped(bytes)?, has_explanation: true }),
        None => Err(CertificateError::NotBase64 { number: 1 }),
    }
}

fn armoured(text: &str) -> Result<Vec<Vec<u8>>, CertificateError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let number = found.len() + 1;
        if is_bare(before) {
            return Err(CertificateError::OutsideBlock);
        }
        if number > MAX_BLOCKS {
            return Err(CertificateError::TooMany);
        }
        let (label, body) = after.split_once(DASHES).ok_or(CertificateError::Unfinished { number })?;
        if label.ends_with("PRIVATE KEY") {
            return Err(CertificateError::PrivateKey);
        }
        if label != "CERTIFICATE" && label != "X509 CERTIFICATE" {
            return Err(CertificateError::OtherBlock { number, what: block_kind(label) });
        }
        let (body, after) = body.split_once(END).ok_or(CertificateError::Unfinished { number })?;
        found.push(decode(body).ok_or(CertificateError::NotBase64 { number })?);
        // Behind the label of the END line.
        rest = after.split_once(DASHES).map_or("", |(_, rest)| rest);
    }
    if is_bare(rest) { Err(CertificateError::OutsideBlock) } else { Ok(found) }
}

fn block_kind(label: &str) -> &'static str {
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request",
        "PKCS7" | "CMS" => "a PKCS #7 bundle",
        "TRUSTED CERTIFICATE" => "a certificate with OpenSSL's trust settings",
        _ => "something else",
    }
}

/// Whether a text around blocks holds base64, which an explanation does not: a long line without blanks.
fn is_bare(text: &str) -> bool {
    const LONG: usize = 48;
    text.lines().map(str::trim).any(|line| line.len() >= LONG && line.bytes().all(is_base64))
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// A text without the quotes around it and without the beginning of a `data:` address.
fn without_wrapping(text: &str) -> &str {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    match text.split_once(";base64,") {
        Some((kind, data)) if kind.starts_with("data:") => data,
        _ => text,
    }
}

/// The DER that hexadecimal digits stand for. They are letters of base64 too, so that only those count that begin like a
/// certificate: a sequence whose length takes one or two bytes.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b':').collect();
    let begins_well = digits.starts_with(b"3081") || digits.starts_with(b"3082");
    begins_well.then(|| hex::decode(digits).ok()).flatten()
}

/// What base64 stood for: DER, or text that holds a certificate once more. Some products publish the PEM file in base64.
fn unwrapped(bytes: Vec<u8>) -> Result<Vec<Vec<u8>>, CertificateError> {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let inner = std::str::from_utf8(&bytes).ok().filter(|text| text.bytes().all(|byte| is_plain(&byte)));
    match inner {
        Some(inner) if inner.contains(BEGIN) => armoured(inner),
        Some(inner) => match decode(inner).filter(|der| der.first() == Some(&0x30)) {
            Some(der) => Ok(vec![der]),
            None => Ok(vec![bytes]),
        },
        None => Ok(vec![bytes]),
    }
}

/// What a text is that is no certificate in any form.
fn other_text(text: &str) -> Option<&'static str> {
    match Recognised::of(text)? {
        Recognised::Address => Some("an address"),
        Recognised::FileName => Some("the name of a file"),
        Recognised::WebPage => Some("a web page"),
        Recognised::SamlMetadata => Some("SAML metadata"),
        Recognised::Xml | Recognised::EscapedXml => Some("XML"),
        Recognised::OpenIdDocument | Recognised::Json => Some("JSON"),
        Recognised::Pem => None,
    }
}

/// The bytes of the one run of base64 lines that begins like a certificate, among lines that are no base64: tools write
/// the subject in front.
fn between_explanations(text: &str) -> Option<Vec<u8>> {
    // Where DER begins with a sequence whose length takes two bytes.
    const BEGINNING: &str = "MII";
    let is_run = |line: &&str| !line.is_empty() && line.bytes().all(is_base64);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = lines.iter().position(|line| line.starts_with(BEGINNING) && is_run(line))?;
    let (run, rest) = lines[begins..].split_at(lines[begins..].iter().take_while(|line| is_run(line)).count());
    // A second run would be a second certificate, and which of them is meant is not for us to guess.
    if rest.iter().any(|line| line.starts_with(BEGINNING) && is_run(line)) {
        return None;
    }
    decode(&run.concat())
}

/// One PEM block of 64 columns.
pub(super) fn block(der: &[u8]) -> String {
    let encoded = engine::general_purpose::STANDARD.encode(der);
    let mut text = String::with_capacity(encoded.len() + encoded.len() / 64 + 60);
    text.push_str("-----BEGIN CERTIFICATE-----\n");
    // Base64 is ASCII, so that every index is a boundary.
    for start in (0..encoded.len()).step_by(64) {
        text.push_str(&encoded[start..encoded.len().min(start + 64)]);
        text.push('\n');
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

/// The bytes of base64, whatever white space stands in it. Line breaks that were escaped on the way, for JSON or for XML,
/// are white space too.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut plain = text.to_owned();
    for escaped in ["\\r", "\\n", "&#13;", "&#xD;", "&#xd;", "&#10;", "&#xA;", "&#xa;"] {
        if plain.contains(escaped) {
            plain = plain.replace(escaped, "");
        }
    }
    plain.retain(|letter| !letter.is_whitespace());
    STANDARD.decode(&plain).or_else(|_| URL_SAFE.decode(&plain)).ok()
}
