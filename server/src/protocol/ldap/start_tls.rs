//! Asks a server to begin TLS on a connection (RFC 4511, section 4.14).

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{
    LdapError, LdapErrorKind,
    address::Server,
    frame::{self, FrameError, operation},
};

/// What StartTLS is called.
pub(super) const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// The whole request: message 1, an extended request for [`START_TLS`].
const REQUEST: &[u8; 31] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";

/// Asks for TLS. What comes after the answer belongs to the handshake, so not a byte more is read.
pub(super) async fn ask(stream: &mut TcpStream, server: &Server) -> Result<(), LdapError> {
    let lost = |error: FrameError| {
        let reason = match error {
            FrameError::Io(_) => "the connection was lost",
            FrameError::Malformed(_) => "the answer is not LDAP",
        };
        failed(LdapErrorKind::Lost, server, reason)
    };
    stream.write_all(REQUEST).await.map_err(|error| lost(error.into()))?;
    let answer = frame::read(stream).await.map_err(lost)?;
    let answer = answer.ok_or_else(|| failed(LdapErrorKind::Lost, server, "the server closed the connection"))?;
    match frame::inspect(&answer) {
        Ok(message) if message.operation == operation::EXTENDED_DONE && message.result == Some(0) => Ok(()),
        Ok(message) if message.operation == operation::EXTENDED_DONE => {
            let code = message.result.unwrap_or_default();
            Err(failed(LdapErrorKind::Tls, server, &format!("the server refused it (result code {code})")))
        }
        _ => Err(failed(LdapErrorKind::Lost, server, "the answer is not LDAP")),
    }
}

fn failed(kind: LdapErrorKind, server: &Server, reason: &str) -> LdapError {
    LdapError::new(
        kind,
        format!("StartTLS at {server} failed: {reason}."),
        "Set up a certificate at the directory's server, or use an ldaps:// address.",
    )
}
