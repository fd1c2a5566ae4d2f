//! Signing certificates of a SAML provider.

use leptos::prelude::*;

use crate::{
    domain::{connection::CertificateSummary, timestamp::Timestamp},
    ui::components::{CopyButton, Detail, DetailList, RelativeTime, StatusBadge, Tone, now},
};

/// How close the end is when it is warned of.
const SOON: i64 = 30 * 24 * 60 * 60;

/// The certificates, each with what it says and whether it still holds.
#[component]
pub fn CertificateList(
    /// What they say, the newest first.
    certificates: Vec<CertificateSummary>,
) -> impl IntoView {
    view! { <ul class="certificates">{certificates.into_iter().map(certificate).collect_view()}</ul> }
}

fn certificate(certificate: CertificateSummary) -> AnyView {
    let CertificateSummary { subject, issuer, serial, sha256, not_before, not_after, key, signature } = certificate;
    let (tone, label) = validity(not_before, not_after, now());
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

/// Whether a certificate holds at a moment.
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
    fn the_last_thirty_days_are_warned_of() {
        let day = |days: i64| Timestamp(days * 24 * 60 * 60 * 1_000_000);
        let says = |at| validity(day(10), day(100), day(at)).1;
        assert_eq!([says(9), says(20), says(80), says(101)], ["Not valid yet", "Valid", "Expires soon", "Expired"]);
    }
}
