//! Certificates of our own making, and a listener that shows them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::{self, sign::any_supported_type};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::server::TlsStream;

/// A server's certificate with its key.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    certificate_pem: String,
    key_pem: String,
}

impl Identity {
    /// A certificate for `name` that vouches for itself.
    pub(crate) fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().expect("keys can be generated");
        let certificate = params(name).self_signed(&key).expect("parameters are complete");
        Self::of(&certificate, &key)
    }

    /// This certificate with the key of another, as somebody has it who copied the certificate.
    pub(crate) fn with_key_of(self, other: Self) -> Self {
        Self { key: other.key, key_pem: other.key_pem, ..self }
    }

    fn of(certificate: &Certificate, key: &KeyPair) -> Self {
        Self {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        }
    }

    /// The certificate, for files and settings.
    pub(crate) fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Its key, for files and settings.
    pub(crate) fn key_pem(&self) -> &str {
        &self.key_pem
    }

    fn acceptor(self) -> TlsAcceptor {
        let key = PrivateKeyDer::try_from(self.key).expect("the key is the one that was serialized");
        let key = any_supported_type(&key).expect("the key is of a supported kind");
        // Nothing compares the two, so that tests can show a certificate without its key.
        let shown = SingleCertAndKey::from(CertifiedKey::new(self.chain, key));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the default versions")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown));
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A certificate authority that tests can choose to trust.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// A new authority.
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().expect("keys can be generated");
        let mut params = CertificateParams::new(Vec::new()).expect("an authority needs no host name");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("parameters are complete").pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// The authority's certificate, for those who trust it.
    pub(crate) fn pem(&self) -> &[u8] {
        self.pem.as_bytes()
    }

    /// A valid certificate for `name`.
    pub(crate) fn issue(&self, name: &str) -> Identity {
        self.sign(params(name))
    }

    /// A certificate for `name` that was valid long ago.
    pub(crate) fn issue_expired(&self, name: &str) -> Identity {
        let mut params = params(name);
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
        self.sign(params)
    }

    fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("keys can be generated");
        let certificate = params.signed_by(&key, &self.issuer).expect("parameters are complete");
        Identity::of(&certificate, &key)
    }
}

/// Accepts connections that complete a handshake and forgets the others.
pub(crate) struct TlsListener {
    inner: TcpListener,
    acceptor: TlsAcceptor,
}

impl TlsListener {
    /// Shows `identity` on the connections of `inner`.
    pub(crate) fn new(inner: TcpListener, identity: Identity) -> Self {
        Self { inner, acceptor: identity.acceptor() }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, peer) = Listener::accept(&mut self.inner).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).expect("tests use well-formed names")
}
