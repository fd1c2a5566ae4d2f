//! TLS of the outbound client, with its own cryptography: a host application may have installed another, or none.

use std::sync::Arc;

use rustls_platform_verifier::Verifier;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::CertificateDer};

use crate::protocol::unverified::AnyCertificate;

/// The configuration of a client that trusts the system's certificate authorities and `roots`. `None` when a root
/// cannot be used.
pub(super) fn config(roots: &[CertificateDer<'static>], is_verified: bool) -> Option<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().ok()?;
    let builder = if !is_verified {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate::new(provider)))
    } else if let Ok(verifier) = Verifier::new_with_extra_roots(roots.iter().cloned(), provider) {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        // A system without any certificate authority still reaches opened hosts over plain http, and fails https for
        // want of an issuer.
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(root.clone()).ok()?;
        }
        builder.with_root_certificates(store)
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Some(config)
}
