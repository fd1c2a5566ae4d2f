//! Verifies signatures with aws-lc.
//!
//! Not with `jsonwebtoken::decode`: it uses the cryptography that the process has installed, and panics when two crates of
//! the process have enabled different ones and neither is installed.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};

/// Whether `key` has signed `message` with `algorithm`.
pub(super) fn is_valid(message: &[u8], signature: &[u8], key: &DecodingKey, algorithm: Algorithm) -> bool {
    match (algorithm, key.family(), key.kind()) {
        (Algorithm::RS256, AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
        }
        (Algorithm::ES256, AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
        }
        (Algorithm::EdDSA, AlgorithmFamily::Ed, DecodingKeyKind::SecretOrDer(point)) => {
            UnparsedPublicKey::new(&ED25519, point).verify(message, signature).is_ok()
        }
        _ => false,
    }
}
