//! Whether a certificate is fit to verify assertions at a moment.

use vestibule_app::domain::{
    connection::{CertificateSummary, KeyFault, RSA_BITS},
    timestamp::Timestamp,
    words::counted,
};

/// How many days before its end a certificate is reported to expire soon.
const EXPIRES_SOON_DAYS: i64 = 30;

const DAY: i64 = 24 * 60 * 60;

/// Something that is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It does not hold yet.
    #[error("is not valid yet; it begins in {}", in_words(*.days))]
    NotYetValid {
        /// Whole days until it does, rounded up.
        days: i64,
    },
    /// It holds no more.
    #[error("expired {} ago", in_words(*.days))]
    Expired {
        /// Whole days since.
        days: i64,
    },
    /// The key can be broken.
    #[error("has an RSA key of {bits} bits, and fewer than {} can be broken", RSA_BITS.start())]
    ShortKey {
        /// The key's length.
        bits: u32,
    },
    /// The key is longer than any that is verified.
    #[error("has an RSA key of {bits} bits, and no sign-in can verify more than {}", RSA_BITS.end())]
    LongKey {
        /// The key's length.
        bits: u32,
    },
    /// The key is of a kind that no sign-in could verify a signature with.
    #[error("has a key of the kind {key}, which no sign-in can verify")]
    UnusableKey {
        /// The kind, as the summary names it.
        key: String,
    },
    /// The certificate's own signature can be forged.
    #[error("is signed with {hash}, which is broken")]
    BrokenSignature {
        /// The hash function.
        hash: &'static str,
    },
    /// The certificate's own signature is weak.
    #[error("is signed with SHA-1, which is weak")]
    WeakSignature,
    /// It ends soon.
    #[error("expires in {}", in_words(*.days))]
    ExpiresSoon {
        /// Whole days until then.
        days: i64,
    },
}

impl CertificateFault {
    /// Whether it makes the certificate unfit.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        match self {
            Self::NotYetValid { .. }
            | Self::Expired { .. }
            | Self::ShortKey { .. }
            | Self::LongKey { .. }
            | Self::UnusableKey { .. }
            | Self::BrokenSignature { .. } => true,
            Self::WeakSignature | Self::ExpiresSoon { .. } => false,
        }
    }

    /// What to do about it, as a sentence.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NotYetValid { .. } => {
                "Enter the certificate that the provider signs with now, beside this one; and check this server's clock."
            }
            Self::Expired { .. } => "Get the provider's current signing certificate and enter it here.",
            Self::ShortKey { .. } | Self::BrokenSignature { .. } => {
                "Let the provider make a new signing certificate: RSA of 2048 bits or more, SHA-256."
            }
            Self::LongKey { .. } | Self::UnusableKey { .. } => {
                "Let the provider make a new signing certificate: RSA of 2048 to 8192 bits, or EC P-256, P-384 or P-521."
            }
            Self::WeakSignature => "Let the provider make its next signing certificate with SHA-256.",
            Self::ExpiresSoon { .. } => {
                "Ask the provider for its next signing certificate and enter it beside this one."
            }
        }
    }
}

/// What is wrong with a certificate at this moment, the worst first.
#[must_use]
pub fn judge(certificate: &CertificateSummary, now: Timestamp) -> Vec<CertificateFault> {
    let CertificateSummary { not_before, not_after, key, signature, .. } = certificate;
    let mut faults = Vec::new();
    // The last moment belongs to the certificate (RFC 5280, section 4.1.2.5), which counts in seconds.
    if now.seconds_since(*not_after) > 0 {
        faults.push(CertificateFault::Expired { days: now.seconds_since(*not_after) / DAY });
    }
    if now < *not_before {
        let seconds = not_before.seconds_since(now);
        faults.push(CertificateFault::NotYetValid { days: seconds.saturating_add(DAY - 1) / DAY });
    }
    faults.extend(certificate.key_fault().map(|fault| match fault {
        KeyFault::Short { bits } => CertificateFault::ShortKey { bits },
        KeyFault::Long { bits } => CertificateFault::LongKey { bits },
        KeyFault::Kind => CertificateFault::UnusableKey { key: key.clone() },
    }));
    if let Some(hash) = ["MD2", "MD5"].into_iter().find(|hash| signature.starts_with(hash)) {
        faults.push(CertificateFault::BrokenSignature { hash });
    }
    if signature.starts_with("SHA-1 ") {
        faults.push(CertificateFault::WeakSignature);
    }
    let left = not_after.seconds_since(now);
    if (0..EXPIRES_SOON_DAYS * DAY).contains(&left) {
        faults.push(CertificateFault::ExpiresSoon { days: left / DAY });
    }
    faults
}

fn in_words(count: i64) -> String {
    match count {
        0 => "less than a day".to_owned(),
        days => counted(days, "day"),
    }
}
