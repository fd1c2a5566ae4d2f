//! Signing certificates of a SAML provider.

use leptos::prelude::*;

use crate::{
    domain::{connection::CertificateSummary, timestamp::Timestamp},
    ui::components::{CopyButton, Detail, DetailList, RelativeTime, StatusBadge, Tone, now},
};

/// How long before its expiry a certificate causes a warning.
const SOON: i64 = 30 * 24 * 60 * 60;

/// The certificates with their contents and their validity.
#[component]
pub fn CertificateList(
    /// Their contents, the newest first.
    certificates: Vec<CertificateSummary>,
) -> impl IntoView {
    view! { <ul class="certificates">{certificates.into_iter().map(certificate).collect_view()}</ul> }
}

fn certificate(certificate: CertificateSummary) -> AnyView {
    let (tone, label) = status(&certificate, now());
    let CertificateSummary { subject, issuer, serial, sha256, not_before, not_after, key, signature } = certificate;
    let is_self_signed = subject == issuer;
    let issuer = if is_self_signed { "Itself".to_owned() } else { issuer };
    view! {
        <li class="certificate">
            <p class="badges"><strong>{subject}</strong> <StatusBadge tone label /></p>
            <p>"Ends " <RelativeTime at=not_after /> <span class="muted">{format!(" · {key}, {signature}")}</span></p>
            <details class="changes">
                <summary>"Details"</summary>
                <DetailList>
                    <Detail label="Issued by">{issuer}</Detail>
                    <Detail label="Begins"><RelativeTime at=not_before /></Detail>
                    <Detail label="Serial number"><code>{serial}</code></Detail>
                    <Detail label="SHA-256">
                        <code>{sha256.clone()}</code>
                        " "
                        <CopyButton value=sha256 label="SHA-256 fingerprint" />
                    </Detail>
                </DetailList>
            </details>
        </li>
    }
    .into_any()
}

/// Whether a certificate can verify signatures at a moment.
fn status(certificate: &CertificateSummary, at: Timestamp) -> (Tone, &'static str) {
    match validity(certificate.not_before, certificate.not_after, at) {
        (Tone::Success | Tone::Warning, _) if certificate.key_fault().is_some() => (Tone::Danger, "Unusable key"),
        validity => validity,
    }
}

/// Whether a certificate is valid at a moment.
fn validity(from: Timestamp, until: Timestamp, at: Timestamp) -> (Tone, &'static str) {
    if at < from {
        (Tone::Danger, "Not valid yet")
    } else if at > until {
        (Tone::Danger, "Expired")
    } else if until.seconds_since(at) < SOON {
        (Tone::Warning, "Expires soon")
    } else {
        (Tone::Success, "Valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_verifies_nothing_is_not_called_valid() {
        let moment = |seconds: i64| Timestamp(seconds * 1_000_000);
        let certificate = |key: &str| CertificateSummary {
            subject: String::new(),
            issuer: String::new(),
            serial: String::new(),
            sha256: String::new(),
            not_before: moment(0),
            not_after: moment(2 * SOON),
            key: key.to_owned(),
            signature: String::new(),
        };
        for (key, label) in [
            ("RSA 2048", "Valid"),
            ("RSA-PSS 8192", "Valid"),
            ("EC P-521", "Valid"),
            ("RSA 1024", "Unusable key"),
            ("RSA 16384", "Unusable key"),
            ("EC secp256k1", "Unusable key"),
            ("DSA", "Unusable key"),
            ("Ed25519", "Unusable key"),
        ] {
            assert_eq!(status(&certificate(key), moment(1)).1, label, "{key}");
            assert_eq!(status(&certificate(key), moment(3 * SOON)).1, "Expired", "{key}");
        }
    }

    #[test]
    fn the_last_thirty_days_are_warned_of() {
        let day = |days: i64| Timestamp(days * 24 * 60 * 60 * 1_000_000);
        let says = |at| validity(day(10), day(100), day(at)).1;
        assert_eq!([says(9), says(20), says(80), says(101)], ["Not valid yet", "Valid", "Expires soon", "Expired"]);
    }
}
