//! Why a document could not be fetched, in words that an operator can act on.
//!
//! A failure keeps the URL, the redirects and the status. It never holds text of a response: the person who typed the URL may
//! not be entitled to read what is behind it.

use std::fmt;

use thiserror::Error;
use url::Url;

use super::refusal::{Refusal, UrlFault, UrlRejection};
use super::resolver::ResolveError;
use crate::protocol::recognise::Recognised;

/// A request that brought no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The URL that was asked for, without userinfo and query secrets.
    pub requested: Url,
    /// The URL at which it failed; differs from `requested` after a redirect.
    pub last: Url,
    /// What went wrong.
    pub kind: FetchErrorKind,
}

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FetchErrorKind {
    /// The URL cannot be requested at all.
    #[error(transparent)]
    InvalidUrl(#[from] UrlFault),
    /// The operator's policy forbids the request.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The host name has no address.
    #[error("Unable to resolve host '{host}'.")]
    Unresolvable {
        /// The host name of the URL.
        host: String,
    },
    /// No connection came about.
    #[error("{0}")]
    Connect(&'static str),
    /// The connection broke, or what came over it was not HTTP.
    #[error("{0}")]
    Interrupted(&'static str),
    /// The connection could not be secured.
    #[error("the TLS connection failed: {0}")]
    Tls(&'static str),
    /// The time for the whole request ran out.
    #[error("no complete answer in time ({phase})")]
    Timeout {
        /// What was being waited for.
        phase: Phase,
    },
    /// The server redirected more often than is followed.
    #[error("the server redirected more than {limit} times")]
    TooManyRedirects {
        /// How many redirects are followed.
        limit: usize,
    },
    /// The server redirected, and its target is unusable.
    #[error("the server redirected to nowhere: {0}")]
    BadRedirect(RedirectFault),
    /// The server answered with a status that is no success.
    #[error("the server answered HTTP {status}")]
    Status {
        /// The status code.
        status: u16,
    },
    /// The answer is longer than any such document.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// How many bytes are read at most.
        limit: usize,
    },
    /// The answer is not JSON.
    #[error(
        "the answer is not JSON (line {line}, column {column} of {bytes} bytes, content type {})",
        content_type.as_deref().unwrap_or("missing")
    )]
    NotJson {
        /// The line at which reading stopped, from 1.
        line: usize,
        /// The column at which reading stopped.
        column: usize,
        /// The media type the server declared.
        content_type: Option<String>,
        /// How long the answer is.
        bytes: usize,
        /// What it looks like.
        found: Option<Recognised>,
    },
}

/// A redirect that cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedirectFault {
    /// The answer has no `Location`.
    #[error("the Location header is missing")]
    Missing,
    /// The `Location` is not a URL.
    #[error("the Location header is not a URL")]
    Unreadable,
}

/// What was being waited for when time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Name resolution, TCP and TLS.
    Connect,
    /// Status line and headers.
    Response,
    /// The rest of the answer.
    Body,
}

impl FetchError {
    /// What to do about it, as one or two sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        match &self.kind {
            FetchErrorKind::InvalidUrl(_) => "Enter the address as https://host/path.".to_owned(),
            FetchErrorKind::Refused(refusal) => refusal.advice(),
            FetchErrorKind::Unresolvable { host } => {
                format!("Check the spelling of {host}, and that this server's DNS knows it.")
            }
            FetchErrorKind::Connect(_) => {
                "Check host and port, and that a firewall lets this server reach them.".to_owned()
            }
            FetchErrorKind::Interrupted(_) => {
                "Check that an HTTP server listens at this address and that no proxy in between cuts it off.".to_owned()
            }
            FetchErrorKind::Tls(_) => "Renew or complete the certificate at the provider, or install its certificate \
                authority on this server. Turn verification off for tests only."
                .to_owned(),
            FetchErrorKind::Timeout { phase: Phase::Connect } => {
                "Check host and port, and that a firewall lets this server reach them.".to_owned()
            }
            FetchErrorKind::Timeout { .. } => "Check that the provider is healthy, then try again.".to_owned(),
            FetchErrorKind::TooManyRedirects { .. } | FetchErrorKind::BadRedirect(_) => {
                "Enter the address at which the document itself is served.".to_owned()
            }
            FetchErrorKind::Status { status: 401 | 403 } => {
                "The document must be readable without signing in; check the address and the provider's access rules."
                    .to_owned()
            }
            FetchErrorKind::Status { status: 500.. } => {
                "The provider itself fails; try again later, or contact its operator.".to_owned()
            }
            FetchErrorKind::Status { .. } => "Check the address, realm or tenant name included.".to_owned(),
            FetchErrorKind::TooLarge { .. } => "Check the address: documents of this kind are far smaller.".to_owned(),
            FetchErrorKind::NotJson { found: Some(Recognised::SamlMetadata), .. } => {
                "This is SAML metadata. Add the provider as a SAML provider, and enter this address as its metadata URL."
                    .to_owned()
            }
            FetchErrorKind::NotJson { found: Some(Recognised::WebPage), .. } => {
                "This is a web page. Enter the address of the provider's metadata document.".to_owned()
            }
            FetchErrorKind::NotJson { content_type, .. } if is_html(content_type.as_deref()) => {
                "This is a web page. Enter the address of the provider's metadata document.".to_owned()
            }
            FetchErrorKind::NotJson { .. } => "Check that the address serves a complete JSON document.".to_owned(),
        }
    }

    /// Whether certificate or handshake are at fault.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        matches!(self.kind, FetchErrorKind::Tls(_))
    }

    /// Whether no connection came about: unknown name, refused connection, no connection in time.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(
            self.kind,
            FetchErrorKind::Unresolvable { .. }
                | FetchErrorKind::Connect(_)
                | FetchErrorKind::Timeout { phase: Phase::Connect }
        )
    }

    /// Whether time ran out, in whatever phase.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, FetchErrorKind::Timeout { .. })
    }

    /// Whether the operator's policy forbids the request.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, FetchErrorKind::Refused(_))
    }

    /// Whether the server answered something that is not JSON.
    #[must_use]
    pub fn is_not_json(&self) -> bool {
        matches!(self.kind, FetchErrorKind::NotJson { .. })
    }

    /// Whether the answer exceeded the size limit.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, FetchErrorKind::TooLarge { .. })
    }

    /// The status the server answered, where that is the failure.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.kind {
            FetchErrorKind::Status { status } => Some(status),
            _ => None,
        }
    }

    /// The refusal, where the policy forbids the request.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            FetchErrorKind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not read {}", self.requested)?;
        if self.last != self.requested {
            write!(f, ", redirected to {}", self.last)?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for FetchError {}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "while connecting",
            Self::Response => "while waiting for the answer to begin",
            Self::Body => "while reading the answer",
        })
    }
}

impl From<UrlRejection> for FetchErrorKind {
    fn from(rejection: UrlRejection) -> Self {
        match rejection {
            UrlRejection::Fault(fault) => Self::InvalidUrl(fault),
            UrlRejection::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

impl From<ResolveError> for FetchErrorKind {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Unresolvable { host } => Self::Unresolvable { host },
            ResolveError::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

fn is_html(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.contains("html"))
}
