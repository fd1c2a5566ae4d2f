//! Reading and judging certificates.

use proptest::prelude::*;
use vestibule::{
    domain::{connection::CertificateSummary, timestamp::Timestamp},
    testing::protocol::saml::certificate::{self, CertificateError, CertificateFault},
};

use super::certificate;

/// 2027-01-15T08:00:00Z.
const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn one(text: &str) -> CertificateSummary {
    let found = certificate::read(text).expect("a certificate");
    assert_eq!(found.len(), 1);
    found.into_iter().next().expect("a certificate").summary
}

fn faults(text: &str) -> Vec<CertificateFault> {
    certificate::judge(&one(text), NOW)
}

#[test]
fn a_certificate_is_summed_up() {
    let summary = one(certificate!("good"));
    assert_eq!(summary.subject, "C=DE, O=Example, CN=idp.example.com");
    assert_eq!(summary.issuer, summary.subject);
    assert_eq!(summary.serial, "f0e1d2c3");
    assert_eq!(summary.sha256.len(), 64);
    // 2026-01-01 and 2036-01-01.
    assert_eq!(
        (summary.not_before, summary.not_after),
        (Timestamp(1_767_225_600_000_000), Timestamp(2_082_758_400_000_000))
    );
    assert_eq!((summary.key.as_str(), summary.signature.as_str()), ("RSA 2048", "SHA-256 with RSA"));
    assert_eq!(faults(certificate!("good")), []);
}

#[test]
fn keys_and_signatures_are_named() {
    for (text, key, signature) in [
        (certificate!("ec_p384"), "EC P-384", "SHA-384 with ECDSA"),
        (certificate!("ed25519"), "Ed25519", "Ed25519"),
        (certificate!("rsa_pss"), "RSA 2048", "SHA-256 with RSA-PSS"),
        (certificate!("rsa_1024"), "RSA 1024", "SHA-256 with RSA"),
        (certificate!("sha1"), "RSA 2048", "SHA-1 with RSA"),
        (certificate!("md5"), "RSA 2048", "MD5 with RSA"),
        (certificate!("dsa"), "DSA", "SHA-256 with DSA"),
        (certificate!("secp256k1"), "EC secp256k1", "SHA-256 with ECDSA"),
        (certificate!("brainpool"), "EC brainpoolP256r1", "SHA-256 with ECDSA"),
        (certificate!("rsa_16384"), "RSA 16384", "SHA-256 with RSA"),
        (certificate!("rsa_pss_key"), "RSA-PSS 2048", "SHA-256 with RSA-PSS"),
    ] {
        let summary = one(text);
        assert_eq!((summary.key.as_str(), summary.signature.as_str()), (key, signature));
    }
}

#[test]
fn faults_are_reported_with_what_they_mean() {
    for (text, expected, is_fatal) in [
        (certificate!("expired"), "expired 1110 days ago", true),
        (certificate!("future"), "is not valid yet; it begins in 1082 days", true),
        (certificate!("rsa_1024"), "has an RSA key of 1024 bits, and fewer than 2048 can be broken", true),
        (certificate!("md5"), "is signed with MD5, which is broken", true),
        (certificate!("dsa"), "has a key of the kind DSA, which no sign-in can verify", true),
        (certificate!("secp256k1"), "has a key of the kind EC secp256k1, which no sign-in can verify", true),
        (certificate!("brainpool"), "has a key of the kind EC brainpoolP256r1, which no sign-in can verify", true),
        (certificate!("ed25519"), "has a key of the kind Ed25519, which no sign-in can verify", true),
        (certificate!("rsa_16384"), "has an RSA key of 16384 bits, and no sign-in can verify more than 8192", true),
        (certificate!("sha1"), "is signed with SHA-1, which is weak", false),
        (certificate!("soon"), "expires in 9 days", false),
    ] {
        let found = faults(text);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        assert_eq!(found[0].is_fatal(), is_fatal, "{expected}");
        assert!(!found[0].advice().is_empty());
    }
}

#[test]
fn keys_that_sign_ins_can_verify_are_no_fault() {
    for text in [certificate!("good"), certificate!("ec_p384"), certificate!("rsa_pss"), certificate!("rsa_pss_key")] {
        assert_eq!(faults(text), []);
    }
}

#[test]
fn the_moments_at_both_ends_belong_to_the_certificate() {
    let summary = one(certificate!("good"));
    let at = |moment: Timestamp| certificate::judge(&summary, moment).iter().any(CertificateFault::is_fatal);
    assert!(!at(summary.not_before) && at(Timestamp(summary.not_before.0 - 1)));
    assert!(!at(summary.not_after) && at(summary.not_after.plus_seconds(1)));
    let soon = |seconds: i64| certificate::judge(&summary, summary.not_after.plus_seconds(-seconds)).len();
    assert_eq!((soon(30 * 86400 - 1), soon(30 * 86400)), (1, 0));
}

#[test]
fn several_are_read_newest_first_and_each_once() {
    let text = format!(
        "Bag Attributes: signing\n{}\nsubject=CN = next\n{}{}",
        certificate!("good"),
        certificate!("next"),
        certificate!("good").replace('\n', "\r\n"),
    );
    let found = certificate::read(&text).expect("certificates");
    let subjects: Vec<_> = found.iter().map(|certificate| certificate.summary.subject.as_str()).collect();
    assert_eq!(subjects, ["C=DE, O=Example, CN=idp.example.com next", "C=DE, O=Example, CN=idp.example.com"]);
    assert_eq!(found[1].pem, certificate!("good"));
}

#[test]
fn bare_base64_is_read_however_it_is_broken_into_lines() {
    let bare: String = certificate!("good").lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(one(&bare), one(certificate!("good")));
    assert_eq!(one(&format!("  {}\n\t{} ", &bare[..77], bare[77..].trim_end_matches('='))), one(certificate!("good")));
}

#[test]
fn common_encodings_of_a_certificate_are_read() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let good = certificate!("good");
    let bare: String = good.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(&bare).expect("base64");
    let hex: Vec<String> = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let broken: String = STANDARD
        .encode(good)
        .as_bytes()
        .chunks(76)
        .map(|line| format!("{}\n", String::from_utf8_lossy(line)))
        .collect();
    for (what, text) in [
        ("base64 of PEM", STANDARD.encode(good)),
        ("base64 of PEM, in lines", broken),
        ("base64 of base64", STANDARD.encode(&bare)),
        ("PEM in one line", good.replace('\n', " ")),
        ("PEM with escaped line breaks", good.replace('\n', "\\n")),
        ("PEM with escaped line breaks of Windows, in quotes", format!("\"{}\"", good.replace('\n', "\\r\\n"))),
        (
            "lines that end in character references",
            bare.as_bytes()
                .chunks(64)
                .fold(String::new(), |text, line| format!("{text}{}&#13;\n", String::from_utf8_lossy(line))),
        ),
        ("a data address", format!("data:application/x-x509-ca-cert;base64,{bare}")),
        ("base64 for URLs", bare.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned()),
        ("hexadecimal", hex.concat()),
        ("hexadecimal with colons in capitals", hex.join(":").to_uppercase()),
        ("an explanation in front of base64", format!("subject=/CN=a b\nissuer=/CN=a b\n{bare}\n")),
        ("an explanation around base64 in lines", format!("-- begin --\n{}\n{}\n-- end --", &bare[..64], &bare[64..])),
    ] {
        let found = certificate::read(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((found.len(), found[0].pem.as_str()), (1, good), "{what}");
    }
    let both = STANDARD.encode(format!("{good}{}", certificate!("next")));
    assert_eq!(certificate::read(&both).expect("certificates").len(), 2);
}

#[test]
fn keys_in_place_of_certificates_are_named_in_every_encoding() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pair = rcgen::KeyPair::generate().expect("a key");
    for text in [pair.serialize_pem(), STANDARD.encode(pair.serialize_pem()), STANDARD.encode(pair.serialize_der())] {
        assert_eq!(certificate::read(&text), Err(CertificateError::PrivateKey));
    }
    let public = pair.public_key_pem();
    assert_eq!(certificate::read(&public), Err(CertificateError::OtherBlock { number: 1, what: "a public key" }));
    let bare: String = public.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(certificate::read(&bare), Err(CertificateError::PublicKey { number: 1 }));
}

#[test]
fn what_is_no_certificate_is_named_and_not_repeated() {
    let good = certificate!("good");
    let cut = good.replace("-----END CERTIFICATE-----", "");
    let key = "-----BEGIN PRIVATE KEY-----\nTUFSS0VS\n-----END PRIVATE KEY-----";
    let request = "-----BEGIN CERTIFICATE REQUEST-----\nTUFSS0VS\n-----END CERTIFICATE REQUEST-----";
    let many = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".repeat(51);
    for (text, expected) in [
        ("", CertificateError::Empty),
        (" \n ", CertificateError::Empty),
        ("MARKER!", CertificateError::NotBase64 { number: 1 }),
        ("TUFSS0VS", CertificateError::NotX509 { number: 1 }),
        (cut.as_str(), CertificateError::Unfinished { number: 1 }),
        ("-----BEGIN ", CertificateError::Unfinished { number: 1 }),
        (&format!("{good}{}", good.replace("MII", "M!I")), CertificateError::NotBase64 { number: 2 }),
        (&format!("{good}{request}"), CertificateError::OtherBlock { number: 2, what: "a certificate request" }),
        ("https://MARKER.example/idp.crt", CertificateError::OtherText { what: "an address" }),
        ("MARKER.crt", CertificateError::OtherText { what: "the name of a file" }),
        ("<ds:X509Certificate>MARKER</ds:X509Certificate>", CertificateError::OtherText { what: "XML" }),
        ("<md:EntityDescriptor/>", CertificateError::OtherText { what: "SAML metadata" }),
        ("{\"keys\": [\"MARKER\"]}", CertificateError::OtherText { what: "JSON" }),
        (&format!("{good}{key}"), CertificateError::PrivateKey),
        (&many, CertificateError::TooMany),
        (&"A".repeat(300_000), CertificateError::TooLong),
    ] {
        let error = certificate::read(text).expect_err("it is no certificate");
        assert_eq!(error, expected);
        assert!(!error.explain().contains("MARKER") && error.explain().ends_with('.'), "{}", error.explain());
    }
}

#[test]
fn bytes_after_a_certificate_are_refused() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let bare: String = certificate!("good").lines().filter(|line| !line.starts_with('-')).collect();
    let mut der = STANDARD.decode(bare).expect("base64");
    der.push(0);
    assert_eq!(certificate::read(&STANDARD.encode(der)), Err(CertificateError::NotX509 { number: 1 }));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = certificate::read(&text);
        let _ = certificate::read(&format!("-----BEGIN CERTIFICATE-----{text}-----END CERTIFICATE-----"));
    }

    #[test]
    fn changed_bytes_never_panic(changes in prop::collection::vec((0..900_usize, any::<u8>()), 1..12), end in 0..900_usize) {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let bare: String = certificate!("rsa_pss").lines().filter(|line| !line.starts_with('-')).collect();
        let mut der = STANDARD.decode(bare).expect("base64");
        for (at, byte) in changes {
            let at = at % der.len();
            der[at] = byte;
        }
        if let Ok(found) = certificate::read(&STANDARD.encode(&der)) {
            for certificate in found {
                let _ = certificate::judge(&certificate.summary, NOW);
                let _ = certificate::judge(&certificate.summary, Timestamp(i64::MAX / 2));
            }
        }
        der.truncate(end);
        let _ = certificate::read(&STANDARD.encode(der));
    }
}
