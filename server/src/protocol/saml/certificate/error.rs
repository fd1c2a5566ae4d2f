//! Why text holds no usable certificate, and how much of it is read.

use vestibule_app::domain::words::sentence;

/// How many certificates one provider may have; a rollover needs two.
pub const MAX_CERTIFICATES: usize = 10;

/// The longest text that is read, in bytes: ten certificates with long chains of explanation between them.
pub(super) const MAX_TEXT: usize = 256 * 1024;

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
    #[error("block {number} of the text is {what}, not a certificate")]
    OtherBlock {
        /// Which one, counted from 1.
        number: usize,
        /// What it is, with its article.
        what: &'static str,
    },
    /// The text is something else.
    #[error("this is {what}, not a certificate")]
    OtherText {
        /// What it is, with its article.
        what: &'static str,
    },
    /// The bytes are a public key on its own.
    #[error("certificate {number} is a public key without its certificate")]
    PublicKey {
        /// Which one, counted from 1.
        number: usize,
    },
    /// Base64 stands before, between or behind PEM blocks.
    #[error("base64 stands outside of the BEGIN and END lines")]
    OutsideBlock,
    /// Its content is not valid base64.
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
    /// Why the text of an `X509Certificate` element holds no certificate, as a clause.
    #[must_use]
    pub fn of_element(&self) -> String {
        match self {
            Self::Empty => "it is empty".to_owned(),
            Self::TooLong => format!("its text is longer than {MAX_TEXT} bytes"),
            Self::TooMany => format!("it holds more than {MAX_CERTIFICATES} certificates"),
            Self::Unfinished { .. } => "it holds a BEGIN line without an END line".to_owned(),
            Self::PrivateKey => "it holds a private key, which must stay at the provider".to_owned(),
            Self::OtherBlock { what, .. } | Self::OtherText { what } => format!("it holds {what}, not a certificate"),
            Self::PublicKey { .. } => "it holds a public key without its certificate".to_owned(),
            Self::OutsideBlock => "base64 stands outside of its BEGIN and END lines".to_owned(),
            Self::NotBase64 { .. } => "its text is not base64".to_owned(),
            Self::NotX509 { .. } => "its base64 is not an X.509 certificate".to_owned(),
        }
    }

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
