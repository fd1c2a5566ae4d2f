//! What went wrong with a directory.

/// What went wrong with a directory: what was asked, what came back, and what to do. It never holds a password, nor text
/// that the server sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LdapError {
    /// Which kind of failure it is, for programs.
    pub kind: LdapErrorKind,
    /// What happened, in a sentence, with the server's address.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}

impl LdapError {
    pub(super) fn new(kind: LdapErrorKind, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { kind, message: message.into(), advice: advice.into() }
    }
}

/// Which kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LdapErrorKind {
    /// The outbound rules keep the server from being reached.
    Refused,
    /// No connection.
    Connect,
    /// TLS failed: certificate chain, host name, StartTLS refused.
    Tls,
    /// The bind was refused (result code 49 and its kin).
    Bind,
    /// The base does not exist (result code 32).
    NoSuchBase,
    /// The filter was refused by the server.
    Filter,
    /// The server's time limit (result code 3), or ours.
    Timeout,
    /// The server's size or administrative limit (result codes 4 and 11).
    Limit,
    /// The server is busy or unavailable (result codes 51 and 52).
    Busy,
    /// The connection was lost, or something came back that is not LDAP.
    Lost,
    /// Any other result code.
    Other,
}
