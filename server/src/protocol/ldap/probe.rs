//! Finds out what a port speaks after a connection failed at its beginning: TLS where none was expected, or the reverse.
//!
//! In both cases the connection ends without a message. A second connection to the same address, which was checked before,
//! distinguishes them; it sends only a greeting.

use std::{future::Future, net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use super::{LdapError, LdapErrorKind, address::Server, start_tls, tls};

/// How long a probe may take.
const TIMEOUT: Duration = Duration::from_secs(2);

/// What an `ldaps` server that did not speak TLS is: nothing unless it answers in LDAP.
pub(super) async fn plain_port(server: &Server, peer: SocketAddr) -> Option<LdapError> {
    let plain = Server { is_ldaps: false, ..server.clone() };
    let asking = async {
        let mut stream = TcpStream::connect(peer).await.ok()?;
        match start_tls::ask(&mut stream, &plain).await {
            Ok(()) => Some(true),
            Err(error) if error.kind == LdapErrorKind::Tls => Some(false),
            Err(_) => None,
        }
    };
    let advice = match in_time(asking).await? {
        true => format!("Use {plain} with StartTLS, which it offers, or enter the port for ldaps, usually 636."),
        false => format!(
            "Enter the port for ldaps, usually 636, or set up a certificate there. {plain} without TLS would work too, and \
             send the password in clear."
        ),
    };
    Some(LdapError::new(LdapErrorKind::Tls, format!("No TLS is spoken at {server}, but LDAP without it."), advice))
}

/// What a server that did not answer in LDAP is: nothing unless it speaks TLS.
pub(super) async fn tls_port(server: &Server, peer: SocketAddr, is_start_tls: bool) -> Option<LdapError> {
    let asking = async {
        let stream = TcpStream::connect(peer).await.ok()?;
        tls::is_spoken(stream).await.then_some(())
    };
    in_time(asking).await?;
    let secured = Server { is_ldaps: true, ..server.clone() };
    let and = if is_start_tls { " and turn off StartTLS" } else { "" };
    Some(LdapError::new(
        LdapErrorKind::Tls,
        format!("TLS is spoken at {server} from the start, and no LDAP without it."),
        format!("Enter {secured}{and}."),
    ))
}

async fn in_time<T>(asking: impl Future<Output = Option<T>>) -> Option<T> {
    timeout(TIMEOUT, asking).await.ok().flatten()
}
