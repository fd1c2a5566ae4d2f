//! What a certificate says, in words.

use super::error::CertificateError;
use aws_lc_rs::digest::{SHA256, digest};
use vestibule_app::domain::{connection::CertificateSummary, timestamp::Timestamp};
use x509_parser::{
    prelude::{FromDer as _, X509Certificate},
    public_key::{PublicKey, RSAPublicKey},
    signature_algorithm::SignatureAlgorithm,
    x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name},
};

/// The longest name that is shown; some issuers put a policy text into theirs.
const MAX_NAME: usize = 500;

/// Sums up one certificate in DER. `None` when the bytes are not a certificate, or have something after it.
pub(super) fn of(der: &[u8]) -> Option<CertificateSummary> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let validity = certificate.validity();
    Some(CertificateSummary {
        subject: name(certificate.subject()),
        issuer: name(certificate.issuer()),
        serial: hex::encode(serial(certificate.raw_serial())),
        sha256: hex::encode(digest(&SHA256, der)),
        not_before: moment(validity.not_before.timestamp()),
        not_after: moment(validity.not_after.timestamp()),
        key: key(certificate.public_key()),
        signature: signature(&certificate.signature_algorithm),
    })
}

/// What bytes are that are no certificate.
pub(super) fn fault(der: &[u8], number: usize) -> CertificateError {
    if is_private_key(der) {
        return CertificateError::PrivateKey;
    }
    match SubjectPublicKeyInfo::from_der(der) {
        Ok(([], _)) => CertificateError::PublicKey { number },
        _ => CertificateError::NotX509 { number },
    }
}

/// Whether bytes begin like a private key (PKCS #1, PKCS #8, SEC 1): a sequence whose first member is a small number.
/// That of a certificate is another sequence.
fn is_private_key(der: &[u8]) -> bool {
    let content = match der {
        [0x30, 0x82, _, _, content @ ..] | [0x30, 0x81, _, content @ ..] => content,
        [0x30, length, content @ ..] if *length < 0x80 => content,
        _ => return false,
    };
    matches!(content, [0x02, 0x01, 0x00 | 0x01, 0x02 | 0x04 | 0x30, ..])
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp(seconds.saturating_mul(1_000_000))
}

/// A distinguished name as one line; control characters have no business in it.
fn name(name: &X509Name<'_>) -> String {
    let text = name.to_string();
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MAX_NAME).collect()
}

/// The serial number without the zero that only says that it is positive.
fn serial(bytes: &[u8]) -> &[u8] {
    match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        _ => bytes,
    }
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> String {
    if let Ok(PublicKey::RSA(rsa)) = info.parsed() {
        return format!("RSA {}", bits(rsa.modulus));
    }
    let algorithm = info.algorithm.algorithm.to_id_string();
    // A key that may be used with RSA-PSS alone; the key itself looks like any other.
    if algorithm == "1.2.840.113549.1.1.10"
        && let Ok((_, rsa)) = RSAPublicKey::from_der(&info.subject_public_key.data)
    {
        return format!("RSA-PSS {}", bits(rsa.modulus));
    }
    let known = match algorithm.as_str() {
        "1.2.840.10045.2.1" => {
            let curve = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
            match curve.map(|oid| oid.to_id_string()).as_deref() {
                Some("1.2.840.10045.3.1.7") => "EC P-256",
                Some("1.3.132.0.34") => "EC P-384",
                Some("1.3.132.0.35") => "EC P-521",
                Some("1.3.132.0.10") => "EC secp256k1",
                Some("1.3.132.0.33") => "EC P-224",
                Some("1.2.840.10045.3.1.1") => "EC P-192",
                Some("1.3.36.3.3.2.8.1.1.7") => "EC brainpoolP256r1",
                Some("1.3.36.3.3.2.8.1.1.11") => "EC brainpoolP384r1",
                Some("1.3.36.3.3.2.8.1.1.13") => "EC brainpoolP512r1",
                Some(other) => return format!("EC on curve {other}"),
                None => "EC on an unnamed curve",
            }
        }
        "1.2.840.10040.4.1" => "DSA",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        other => return format!("algorithm {other}"),
    };
    known.to_owned()
}

/// The length of a number in bits, whatever zeroes stand before it.
fn bits(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0) {
        None => 0,
        Some(first) => (number.len() - first) * 8 - number[first].leading_zeros() as usize,
    }
}

fn signature(algorithm: &AlgorithmIdentifier<'_>) -> String {
    if let Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) = SignatureAlgorithm::try_from(algorithm) {
        return format!("{} with RSA-PSS", hash(&parameters.hash_algorithm_oid().to_id_string()));
    }
    let known = match algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.2" => "MD2 with RSA",
        "1.2.840.113549.1.1.4" | "1.3.14.3.2.3" => "MD5 with RSA",
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => "SHA-1 with RSA",
        "1.2.840.113549.1.1.14" => "SHA-224 with RSA",
        "1.2.840.113549.1.1.11" => "SHA-256 with RSA",
        "1.2.840.113549.1.1.12" => "SHA-384 with RSA",
        "1.2.840.113549.1.1.13" => "SHA-512 with RSA",
        "1.2.840.10045.4.1" => "SHA-1 with ECDSA",
        "1.2.840.10045.4.3.1" => "SHA-224 with ECDSA",
        "1.2.840.10045.4.3.2" => "SHA-256 with ECDSA",
        "1.2.840.10045.4.3.3" => "SHA-384 with ECDSA",
        "1.2.840.10045.4.3.4" => "SHA-512 with ECDSA",
        "1.2.840.10040.4.3" => "SHA-1 with DSA",
        "2.16.840.1.101.3.4.3.2" => "SHA-256 with DSA",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        other => return format!("algorithm {other}"),
    };
    known.to_owned()
}

fn hash(oid: &str) -> String {
    let known = match oid {
        "1.2.840.113549.2.2" => "MD2",
        "1.2.840.113549.2.5" => "MD5",
        "1.3.14.3.2.26" => "SHA-1",
        "2.16.840.1.101.3.4.2.4" => "SHA-224",
        "2.16.840.1.101.3.4.2.1" => "SHA-256",
        "2.16.840.1.101.3.4.2.2" => "SHA-384",
        "2.16.840.1.101.3.4.2.3" => "SHA-512",
        other => return format!("hash {other}"),
    };
    known.to_owned()
}
