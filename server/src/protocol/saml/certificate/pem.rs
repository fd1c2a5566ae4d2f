//! The text form of certificates: PEM (RFC 7468) and the bare base64 that metadata and web pages show.

use base64::{Engine as _, alphabet::STANDARD, engine};

use super::{CertificateError, MAX_CERTIFICATES};

/// Takes base64 with and without padding: pages that show certificates drop it, and bits that are left over are nobody's.
const LENIENT: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &STANDARD,
    engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Beyond this many blocks nothing is read, duplicates included.
const MAX_BLOCKS: usize = MAX_CERTIFICATES * 5;

/// The DER of every block, or of the whole text when there is no block in it.
pub(super) fn blocks(text: &str) -> Result<Vec<Vec<u8>>, CertificateError> {
    if !text.contains(BEGIN) {
        return match decode(text) {
            Some(der) if der.is_empty() => Err(CertificateError::Empty),
            Some(der) => Ok(vec![der]),
            None => Err(CertificateError::NotBase64 { number: 1 }),
        };
    }
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
            return Err(CertificateError::OtherBlock { number });
        }
        let (body, after) = body.split_once(END).ok_or(CertificateError::Unfinished { number })?;
        found.push(decode(body).ok_or(CertificateError::NotBase64 { number })?);
        // Behind the label of the END line.
        rest = after.split_once(DASHES).map_or("", |(_, rest)| rest);
    }
    if is_bare(rest) { Err(CertificateError::OutsideBlock) } else { Ok(found) }
}

/// Whether a text around blocks holds base64, which an explanation does not: a long line without blanks.
fn is_bare(text: &str) -> bool {
    const LONG: usize = 48;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.lines().map(str::trim).any(|line| line.len() >= LONG && line.bytes().all(is_base64))
}

/// One PEM block of 64 columns.
pub(super) fn block(der: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
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

fn decode(text: &str) -> Option<Vec<u8>> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    LENIENT.decode(plain).ok()
}
