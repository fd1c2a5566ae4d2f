//! What is wrong with a URL, what the policy forbids, and what the operator can do about it.

use std::net::IpAddr;

use thiserror::Error;

use super::address::AddressClass;

/// A request the operator's policy forbids.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The host stands for an address that is not fit.
    #[error("URL host resolves to a disallowed address ({address}).")]
    Address {
        /// The address that was refused.
        address: IpAddr,
        /// What kind of address it is.
        class: AddressClass,
    },
    /// The URL is plain http and the host is not opened.
    #[error("Plain http is only allowed to hosts the operator has opened ({host} is not).")]
    PlainHttp {
        /// The host of the URL.
        host: String,
    },
    /// The request asks to skip certificate checks, which the operator does not permit.
    #[error("Requests without certificate verification are not allowed on this server.")]
    UnverifiedTls,
}

impl Refusal {
    /// The refused address, where the refusal is about one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address { address, .. } => Some(*address),
            Self::PlainHttp { .. } | Self::UnverifiedTls => None,
        }
    }

    /// The reason as a word or two, for logs and reports.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Address { class, .. } => class.as_str(),
            Self::PlainHttp { .. } => "plain http",
            Self::UnverifiedTls => "unverified TLS",
        }
    }

    /// What the operator can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Address { address, class: class @ (AddressClass::LinkLocal | AddressClass::Metadata) } => format!(
                "A {class} address can only be opened by itself: \
                 if that is what you want, the operator adds {address} to VESTIBULE_OUTBOUND_ALLOW."
            ),
            Self::Address { address, class } => format!(
                "The address is {class}. If this provider is in your own network, \
                 the operator adds its host name, {address} or a range that holds it to VESTIBULE_OUTBOUND_ALLOW."
            ),
            Self::PlainHttp { host } => {
                format!("Use an https URL, or let the operator add {host} to VESTIBULE_OUTBOUND_ALLOW.")
            }
            Self::UnverifiedTls => {
                "Switch certificate verification on, or let the operator permit requests without it.".to_owned()
            }
        }
    }
}

/// Why a URL is turned away before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlRejection {
    /// The URL itself is unusable.
    #[error(transparent)]
    Fault(#[from] UrlFault),
    /// The URL is fine, the policy forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A URL that cannot be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UrlFault {
    /// Neither http nor https.
    #[error("Only http and https URLs are allowed.")]
    Scheme,
    /// No host.
    #[error("URL must include a host.")]
    NoHost,
    /// A user name or a password stands in the URL.
    #[error("URL must not include a user name or password.")]
    Userinfo,
}
