//! Signing certificates of SAML providers: read from text, summed up, and judged at a moment.
//!
//! A certificate is a container for the provider's key. SAML trusts the key because an administrator entered it, not
//! because an authority signed it, so no chain is built here.

mod judge;
mod pem;
mod summary;

pub use judge::{CertificateFault, judge};

use vestibule_app::domain::{provider::SamlCertificate, words::sentence};

/// How many certificates one provider may have; a rollover needs two.
pub const MAX_CERTIFICATES: usize = 10;

/// The longest text that is read, in bytes: ten certificates with long chains of explanation between them.
const MAX_TEXT: usize = 256 * 1024;

/// Why text holds no usable certificate. Never repeats the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// There is nothing.
    #[error("there is no certificate")]
    Empty,
    /// The text is longer than any list of certificates.
    #[error("the text is longer than {MAX_TEXT} bytes")]
    TooLong,
    /// More certificates than a provider may have.
    #[error("there are more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    /// A PEM block begins and does not end.
    #[error("certificate {number} has no END line")]
    Unfinished {
        /// Which one, counted from 1.
        number: usize,
    },
    /// A PEM block holds a private key.
    #[error("the text holds a private key, which must stay at the provider")]
    PrivateKey,
    /// A PEM block holds something else.
    #[error("block {number} of the text is no certificate")]
    OtherBlock {
        /// Which one, counted from 1.
        number: usize,
    },
    /// Base64 stands before, between or behind PEM blocks.
    #[error("base64 stands outside of the BEGIN and END lines")]
    OutsideBlock,
    /// What should be base64 is none.
    #[error("certificate {number} is not valid base64")]
    NotBase64 {
        /// Which one, counted from 1.
        number: usize,
    },
    /// The bytes are no X.509 certificate.
    #[error("certificate {number} is not an X.509 certificate")]
    NotX509 {
        /// Which one, counted from 1.
        number: usize,
    },
}

impl CertificateError {
    /// What is wrong and what to do, as sentences for people.
    #[must_use]
    pub fn explain(&self) -> String {
        let what = match self {
            Self::PrivateKey => {
                return "This text holds a private key. Enter the certificate alone, and replace that key: it has left the \
                        provider."
                    .to_owned();
            }
            Self::Empty => {
                return "Enter the provider's signing certificate: PEM, or base64 without the BEGIN and END lines."
                    .to_owned();
            }
            other => other.to_string(),
        };
        format!("{} Paste PEM blocks one after the other, or one certificate in base64.", sentence(&what))
    }
}

/// Reads PEM blocks one after the other, or one bare base64 DER: the newest first, each once.
///
/// Text around PEM blocks does not count, since tools write explanations there.
///
/// # Errors
/// The first thing that is wrong; one unreadable certificate spoils the text.
pub fn read(text: &str) -> Result<Vec<SamlCertificate>, CertificateError> {
    if text.len() > MAX_TEXT {
        return Err(CertificateError::TooLong);
    }
    let mut found: Vec<SamlCertificate> = Vec::new();
    for (index, der) in pem::blocks(text)?.into_iter().enumerate() {
        let number = index + 1;
        let summary = summary::of(&der).ok_or(CertificateError::NotX509 { number })?;
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
    sort(&mut found);
    Ok(found)
}

/// Puts the newest first; those that began together stay as they were.
pub(super) fn sort(certificates: &mut [SamlCertificate]) {
    certificates.sort_by_key(|certificate| std::cmp::Reverse(certificate.summary.not_before));
}
