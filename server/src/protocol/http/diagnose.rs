//! Finds the cause of a failure in the error chain of the HTTP stack, and words it.
//!
//! The stack reports TLS faults as text, so they are recognised by words of that text. Its messages are not passed on: they
//! repeat URLs with their queries and, for protocol faults, bytes that the server sent.

use std::error::Error;
use std::io;

use super::error::{FetchErrorKind, Phase};
use super::resolver::ResolveError;

/// The kind of failure behind an error of the HTTP stack that came up in `phase`.
pub(super) fn diagnose(error: &reqwest::Error, phase: Phase) -> FetchErrorKind {
    if let Some(resolve) = chain(error).find_map(|cause| cause.downcast_ref::<ResolveError>()) {
        return resolve.clone().into();
    }
    let text = chain(error).map(ToString::to_string).collect::<Vec<_>>().join("\n").to_ascii_lowercase();
    if let Some((_, reason)) = TLS_REASONS.iter().find(|(words, _)| text.contains(words)) {
        return FetchErrorKind::Tls(reason);
    }
    if error.is_timeout() {
        return FetchErrorKind::Timeout { phase: if error.is_connect() { Phase::Connect } else { phase } };
    }
    let io_kind = chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let reason = match io_kind {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused",
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe) => {
            "connection reset by the server"
        }
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => "no route to the host",
        Some(io::ErrorKind::UnexpectedEof) => BROKEN_OFF,
        _ if text.contains("connection closed") || text.contains("end of file") => BROKEN_OFF,
        _ if text.contains("head is too large") => "the server sends more headers than are read",
        _ if text.contains("parsed") || text.contains("http2 error") => "the server does not speak HTTP",
        _ if error.is_connect() => "the connection failed",
        _ => "the connection failed while it was in use",
    };
    if error.is_connect() { FetchErrorKind::Connect(reason) } else { FetchErrorKind::Interrupted(reason) }
}

/// The error and all its causes; `io::Error` leaves itself out of its own chain, so what it wraps is added.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
        None => error.source(),
    })
}

const BROKEN_OFF: &str = "the server closed the connection before the answer was complete";

/// Words of the TLS library and what they mean; the first match counts, so the special stand before the general.
const TLS_REASONS: [(&str, &str); 18] = [
    ("certificate expired", "the certificate has expired"),
    ("peer certificate: expired", "the certificate has expired"),
    ("certificate not valid yet", "the certificate is not valid yet"),
    ("certificate: notvalidyet", "the certificate is not valid yet"),
    ("certificate not valid for name", "the certificate is for another host name"),
    ("notvalidforname", "the certificate is for another host name"),
    ("unknownissuer", "the certificate is from an unknown issuer or self-signed"),
    ("causedasendentity", "the certificate is self-signed"),
    ("certificate: revoked", "the certificate has been revoked"),
    ("extended key usage", "the certificate is not meant for servers"),
    ("eku", "the certificate is not meant for servers"),
    ("badsignature", "the certificate has a wrong signature"),
    ("invalid peer certificate", "the certificate is not acceptable"),
    ("corrupt message", "the port does not speak TLS"),
    ("tls handshake eof", "the server broke off the handshake"),
    ("received fatal alert", "the server refused the handshake"),
    ("peer is incompatible", "the server offers no TLS version or cipher that is still considered safe"),
    ("peer misbehaved", "the server violates the TLS protocol"),
];
