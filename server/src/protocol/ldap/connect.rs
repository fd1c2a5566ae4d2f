//! Connecting: from an address to a connection that is secured and guarded, and has authenticated.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use vestibule_app::domain::{provider::LdapConfig, words::counted};

use super::{
    LdapError, LdapErrorKind,
    address::Server,
    guard::Guard,
    probe,
    session::{Context, Session},
    start_tls, tls,
};
use crate::protocol::http::{Lookup, OutboundPolicy, ResolveError, resolve};

/// A connection to a server, before anything was said.
pub struct Connected {
    stream: TcpStream,
    server: Server,
    context: Arc<Context>,
}

impl Connected {
    /// Resolves the server of `url` and connects to it, within the outbound rules and the time to connect.
    ///
    /// # Errors
    ///
    /// The address is unusable or refused, or no server answers there.
    pub async fn to(
        policy: &OutboundPolicy,
        lookup: &Arc<dyn Lookup>,
        config: &LdapConfig,
        url: &str,
    ) -> Result<Self, LdapError> {
        let context = Context { policy: policy.clone(), lookup: Arc::clone(lookup), config: config.clone() };
        Self::at(Arc::new(context), Server::parse(url)?).await
    }

    pub(super) async fn at(context: Arc<Context>, server: Server) -> Result<Self, LdapError> {
        let seconds = context.config.limits.connect_timeout_seconds;
        let dialling = dial(&context.policy, &*context.lookup, &server);
        match timeout(Duration::from_secs(seconds.into()), dialling).await {
            Ok(stream) => Ok(Self { stream: stream?, server, context }),
            Err(_) => Err(LdapError::new(
                LdapErrorKind::Connect,
                format!("{server} did not answer within {}.", counted(seconds, "second")),
                "Check host and port, and that a firewall lets this server reach them.",
            )),
        }
    }

    /// Whether what is said next can be read on the way.
    pub fn stays_plain(&self) -> bool {
        !self.server.is_ldaps && !self.context.config.start_tls
    }

    /// Begins TLS where the settings ask for it, within as much time as there was to connect.
    ///
    /// # Errors
    ///
    /// TLS failed, or time ran out.
    pub async fn secure(self) -> Result<Secured, LdapError> {
        let Self { mut stream, server, context } = self;
        let peer = stream.peer_addr().ok();
        if !server.is_ldaps && !context.config.start_tls {
            return guarded(stream, peer, server, context, false).await;
        }
        let client = tls::client_config(&context.policy, &context.config)?;
        let securing = async {
            if !server.is_ldaps
                && let Err(error) = start_tls::ask(&mut stream, &server).await
            {
                let found = match peer {
                    Some(peer) if error.kind == LdapErrorKind::Lost => probe::tls_port(&server, peer, true).await,
                    _ => None,
                };
                return Err(found.unwrap_or(error));
            }
            match (tls::secure(stream, &server, client).await, peer) {
                (Ok(secured), _) => Ok(secured),
                (Err(failure), Some(peer)) if server.is_ldaps && failure.may_be_plain => {
                    Err(probe::plain_port(&server, peer).await.unwrap_or(failure.error))
                }
                (Err(failure), _) => Err(failure.error),
            }
        };
        let seconds = context.config.limits.connect_timeout_seconds;
        match timeout(Duration::from_secs(seconds.into()), securing).await {
            Ok(secured) => guarded(secured?, peer, server, context, true).await,
            Err(_) => {
                let found = match peer {
                    Some(peer) if server.is_ldaps => probe::plain_port(&server, peer).await,
                    Some(peer) => probe::tls_port(&server, peer, true).await,
                    None => None,
                };
                Err(found.unwrap_or_else(|| tls::refused(&server, "the handshake took too long")))
            }
        }
    }
}

/// A connection that is as secret as the settings ask for.
pub struct Secured {
    session: Session,
}

impl Secured {
    /// Authenticates as the settings say.
    ///
    /// # Errors
    ///
    /// The server refuses, or the settings have nothing to authenticate with.
    pub async fn bind(self) -> Result<Bound, LdapError> {
        let Self { mut session } = self;
        session.bind().await?;
        session.drop_secrets();
        Ok(Bound { session })
    }
}

/// A connection that has authenticated, of whose server nothing is known yet.
pub struct Bound {
    session: Session,
}

impl Bound {
    pub(super) fn into_session(self) -> Session {
        self.session
    }
}

async fn guarded<S>(
    stream: S,
    peer: Option<SocketAddr>,
    server: Server,
    context: Arc<Context>,
    is_encrypted: bool,
) -> Result<Secured, LdapError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    let no_room = |_: io::Error| {
        LdapError::new(LdapErrorKind::Other, "This server has no room for another connection.", "Try again later.")
    };
    let (guard, library_end) = Guard::set(stream).map_err(no_room)?;
    Ok(Secured { session: Session::over(guard, library_end, peer, server, context, is_encrypted).await? })
}

async fn dial(policy: &OutboundPolicy, lookup: &dyn Lookup, server: &Server) -> Result<TcpStream, LdapError> {
    let addresses =
        resolve(policy, lookup, &server.host, server.port).await.map_err(|error| unresolved(server, &error))?;
    let mut last = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Questions are small and waited for.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = Some(error.kind()),
        }
    }
    let reason = match last {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused",
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => "no route to the host",
        _ => "the connection failed",
    };
    Err(LdapError::new(
        LdapErrorKind::Connect,
        format!("Could not connect to {server}: {reason}."),
        "Check host and port, and that a firewall lets this server reach them.",
    ))
}

fn unresolved(server: &Server, error: &ResolveError) -> LdapError {
    match error {
        ResolveError::Unresolvable { host } => LdapError::new(
            LdapErrorKind::Connect,
            format!("Could not connect to {server}: the host name is unknown."),
            format!("Check the spelling of {host}, and that this server's DNS knows it."),
        ),
        ResolveError::Refused(refusal) => LdapError::new(
            LdapErrorKind::Refused,
            format!("{server} may not be connected to: {refusal}"),
            refusal.advice(),
        ),
    }
}
