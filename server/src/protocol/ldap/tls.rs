//! TLS to directories: each has a configuration of its own, and no provider of cryptography is installed for the process.

use std::io;
use std::sync::{Arc, OnceLock};

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{AlertDescription, CertificateError, ClientConfig, Error, RootCertStore};
use vestibule_app::domain::{provider::LdapConfig, secret::Secret};

use super::{LdapError, LdapErrorKind, address::Server};
use crate::protocol::{
    http::{OutboundPolicy, Refusal},
    unverified::AnyCertificate,
};

/// How to secure connections to the servers of a directory.
///
/// # Errors
///
/// The operator does not permit what is asked for, or the certificates of the settings are unusable.
pub(super) fn client_config(policy: &OutboundPolicy, config: &LdapConfig) -> Result<Arc<ClientConfig>, LdapError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if config.tls_verify {
        let roots = match &config.ca_certificate {
            Some(pem) => Arc::new(authorities(pem).map_err(|fault| unusable("certificate authority", fault))?),
            None => system_roots(),
        };
        let built = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
        built.map_err(|_| {
            LdapError::new(
                LdapErrorKind::Tls,
                "This server knows no certificate authority to check the directory's certificate with.",
                "Enter the directory's certificate authority, or install the system's (ca-certificates).",
            )
        })?
    } else if policy.allows_insecure_tls() {
        Arc::new(AnyCertificate::new(Arc::clone(&provider)))
    } else {
        let refusal = Refusal::UnverifiedTls;
        return Err(LdapError::new(LdapErrorKind::Refused, refusal.to_string(), refusal.advice()));
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| unusable("TLS set-up", PemFault::KeyUnusable))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let client = match (&config.client_certificate, &config.client_key) {
        (Some(certificate), Some(key)) => {
            let (chain, key) = identity(certificate, key).map_err(|fault| unusable("client certificate", fault))?;
            let signed = builder.with_client_auth_cert(chain, key);
            signed.map_err(|_| unusable("client certificate", PemFault::KeyMismatch))?
        }
        // It was stored with a key that does not open any more.
        (Some(_), None) => {
            return Err(LdapError::new(
                LdapErrorKind::Tls,
                "The key of the client certificate cannot be read on this server.",
                "Enter the client certificate and its key again.",
            ));
        }
        (None, _) => builder.with_no_client_auth(),
    };
    Ok(Arc::new(client))
}

/// A handshake that failed.
pub(super) struct HandshakeFailure {
    pub(super) error: LdapError,
    /// Whether the server may not speak TLS at all: nothing in the failure is TLS.
    pub(super) may_be_plain: bool,
}

/// Shakes hands. The name is the one that was configured, whatever address it led to.
pub(super) async fn secure(
    stream: TcpStream,
    server: &Server,
    config: Arc<ClientConfig>,
) -> Result<TlsStream<TcpStream>, HandshakeFailure> {
    let name = ServerName::try_from(server.host.clone()).map_err(|_| HandshakeFailure {
        error: LdapError::new(
            LdapErrorKind::Tls,
            format!("The host name of {server} cannot be in a certificate."),
            "Enter the server's full host name.",
        ),
        may_be_plain: false,
    })?;
    TlsConnector::from(config)
        .connect(name, stream)
        .await
        .map_err(|error| HandshakeFailure { may_be_plain: !is_from_tls(&error), error: failed(server, &error) })
}

/// Whether a server answers a greeting of TLS in TLS, whatever its certificate is.
pub(super) async fn is_spoken(stream: TcpStream) -> bool {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(AnyCertificate::new(Arc::clone(&provider)));
    let Ok(builder) = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions() else {
        return false;
    };
    let config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    let Ok(peer) = stream.peer_addr() else { return false };
    match TlsConnector::from(Arc::new(config)).connect(ServerName::from(peer.ip()), stream).await {
        Ok(_) => true,
        Err(error) => is_from_tls(&error),
    }
}

/// Whether a handshake failed for a reason that only a server which speaks TLS can give.
fn is_from_tls(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
    error.is_some_and(|error| !matches!(error, Error::InvalidMessage(_)))
}

/// A handshake that failed, or a connection that TLS ended.
pub(super) fn failed(server: &Server, error: &io::Error) -> LdapError {
    let reason = reason(error).unwrap_or(match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => "the server broke off the handshake",
        _ => "the handshake failed",
    });
    refused(server, reason)
}

pub(super) fn refused(server: &Server, reason: &str) -> LdapError {
    let advice = match reason {
        NOT_TLS if server.is_ldaps => "Enter the port for ldaps, usually 636, or use an ldap:// address with StartTLS.",
        WANTS_IDENTITY => {
            "Enter a client certificate, with its key and chain, that the directory's certificate authorities know."
        }
        _ if reason.starts_with("the certificate") => {
            "Renew or complete the certificate at the directory, or enter its certificate authority. Turn \
             verification off for tests only."
        }
        _ => {
            "Check that this is the directory's port for TLS and that it offers TLS 1.2 or 1.3; its own log has the reason."
        }
    };
    LdapError::new(LdapErrorKind::Tls, format!("The TLS connection to {server} failed: {reason}."), advice)
}

const NOT_TLS: &str = "the port does not speak TLS";
const WANTS_IDENTITY: &str = "the server does not accept the client certificate, or wants one";

/// What TLS has against a connection, when it is TLS that ended it.
pub(super) fn reason(error: &io::Error) -> Option<&'static str> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    Some(match error {
        Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the certificate has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is for another host name"
            }
            CertificateError::UnknownIssuer => "the certificate is from an unknown issuer or self-signed",
            CertificateError::Revoked => "the certificate has been revoked",
            CertificateError::BadSignature => "the certificate has a wrong signature",
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "the certificate is not meant for servers"
            }
            CertificateError::Other(_) => "the certificate is an authority's or self-signed",
            _ => "the certificate is not acceptable",
        },
        Error::InvalidMessage(_) => NOT_TLS,
        Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::AccessDenied,
        ) => WANTS_IDENTITY,
        Error::AlertReceived(_) => "the server refused the handshake",
        Error::PeerIncompatible(_) => "the server offers no TLS version or cipher that is still considered safe",
        Error::PeerMisbehaved(_) => "the server violates the TLS protocol",
        _ => "the handshake failed",
    })
}

/// What is wrong with a text that should hold certificates or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PemFault {
    /// There is no certificate in it.
    #[error("it holds no certificate in PEM form")]
    NoCertificate,
    /// A certificate is damaged.
    #[error("it holds a certificate that cannot be read")]
    CertificateUnusable,
    /// There is no key, or one that cannot be read.
    #[error("the key is not an unencrypted private key in PEM form")]
    KeyUnusable,
    /// The key is another certificate's.
    #[error("the key does not belong to the certificate")]
    KeyMismatch,
}

/// Sees that a text holds certificates of authorities.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_authorities(pem: &str) -> Result<(), PemFault> {
    authorities(pem).map(drop)
}

/// Sees that a certificate with its chain and a key belong together.
///
/// # Errors
///
/// What is wrong with them.
pub fn check_client_identity(certificate: &str, key: &Secret) -> Result<(), PemFault> {
    let (chain, key) = identity(certificate, key)?;
    CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map(drop).map_err(|error| match error {
        Error::InconsistentKeys(_) => PemFault::KeyMismatch,
        Error::InvalidCertificate(_) => PemFault::CertificateUnusable,
        _ => PemFault::KeyUnusable,
    })
}

/// What is wrong with a key by itself.
///
/// # Errors
///
/// It is no private key in PEM.
pub fn check_key(key: &Secret) -> Result<(), PemFault> {
    PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map(drop).map_err(|_| PemFault::KeyUnusable)
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, PemFault> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = read.map_err(|_| PemFault::CertificateUnusable)?;
    if found.is_empty() { Err(PemFault::NoCertificate) } else { Ok(found) }
}

fn authorities(pem: &str) -> Result<RootCertStore, PemFault> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem)? {
        roots.add(certificate).map_err(|_| PemFault::CertificateUnusable)?;
    }
    Ok(roots)
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn identity(certificate: &str, key: &Secret) -> Result<Identity, PemFault> {
    let chain = certificates(certificate)?;
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| PemFault::KeyUnusable)?;
    Ok((chain, key))
}

fn unusable(what: &str, fault: PemFault) -> LdapError {
    LdapError::new(
        LdapErrorKind::Tls,
        format!("The {what} of the settings is unusable: {fault}."),
        "Enter it again, in PEM form.",
    )
}

/// The system's certificate authorities, read once; a certificate that cannot be read is left out, as elsewhere.
fn system_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let roots = ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Arc::new(roots)
    });
    Arc::clone(roots)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn pair() -> (String, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["sync.example".to_owned()]).unwrap().self_signed(&key).unwrap();
        (certificate.pem(), key)
    }

    #[test]
    fn certificate_and_key_belong_together() {
        let (certificate, key) = pair();
        let (_, other) = pair();
        let secret = |key: &KeyPair| Secret::new(key.serialize_pem());
        assert_eq!(check_client_identity(&certificate, &secret(&key)), Ok(()));
        assert_eq!(check_client_identity(&certificate, &secret(&other)), Err(PemFault::KeyMismatch));
        let no_key = Secret::new(certificate.clone());
        assert_eq!(check_client_identity(&certificate, &no_key), Err(PemFault::KeyUnusable));
        assert_eq!(check_client_identity("", &secret(&key)), Err(PemFault::NoCertificate));
    }

    #[test]
    fn authorities_are_certificates() {
        assert_eq!(check_authorities(&pair().0), Ok(()));
        assert_eq!(check_authorities("hello"), Err(PemFault::NoCertificate));
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(check_authorities(damaged), Err(PemFault::CertificateUnusable));
    }
}
