//! Signing certificates of SAML providers: read from text, summed up, and judged at a moment.
//!
//! A certificate is a container for the provider's key. SAML trusts the key because an administrator entered it, not
//! because an authority signed it, so no chain is built here.

mod error;
mod judge;
mod pem;
mod summary;

pub use error::{CertificateError, MAX_CERTIFICATES};
pub use judge::{CertificateFault, judge};

use vestibule_app::domain::provider::SamlCertificate;

use self::error::MAX_TEXT;

/// Reads PEM blocks one after the other, or one certificate in base64 or hexadecimal: the newest first, each once.
///
/// The base64 may stand for the DER form or for PEM. Text around PEM blocks and lines around bare base64 do not count,
/// since tools write explanations there.
///
/// # Errors
/// The first thing that is wrong; one unreadable certificate spoils the text.
pub fn read(text: &str) -> Result<Vec<SamlCertificate>, CertificateError> {
    let mut found = read_in_order(text)?.certificates;
    sort(&mut found);
    Ok(found)
}

/// The certificates of a text as they stand in it.
pub(super) struct InOrder {
    pub(super) certificates: Vec<SamlCertificate>,
    /// Whether lines that are not base64 stand around a bare certificate and were passed over.
    pub(super) has_explanation: bool,
}

/// [`read`] without the sorting.
pub(super) fn read_in_order(text: &str) -> Result<InOrder, CertificateError> {
    if text.len() > MAX_TEXT {
        return Err(CertificateError::TooLong);
    }
    let mut found: Vec<SamlCertificate> = Vec::new();
    let pem::Blocks { ders, has_explanation } = pem::blocks(text)?;
    for (index, der) in ders.into_iter().enumerate() {
        let number = index + 1;
        let summary = summary::of(&der).ok_or_else(|| summary::fault(&der, number))?;
        if found.iter().all(|other| other.summary.sha256 != summary.sha256) {
            found.push(SamlCertificate { pem: pem::block(&der), summary });
        }
    }
    if found.is_empty() {
        return Err(CertificateError::Empty);
    }
    if found.len() > MAX_CERTIFICATES {
        return Err(CertificateError::TooMany);
    }
    Ok(InOrder { certificates: found, has_explanation })
}

/// Puts the newest first; those that began together stay as they were.
pub(super) fn sort(certificates: &mut [SamlCertificate]) {
    certificates.sort_by_key(|certificate| std::cmp::Reverse(certificate.summary.not_before));
}
