//! Verifies signatures with aws-lc.
//!
//! Not with `jsonwebtoken::decode`: it uses the cryptography that the process has installed, and panics when two crates of
//! the process have enabled different ones and neither is installed.

use aws_lc_rs::{
    hmac,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
        RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};

/// The payload of a token that `key` has signed with `algorithm`.
pub(crate) fn signed_payload(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Vec<u8>> {
    let (message, signature) = token.rsplit_once('.')?;
    let (_, payload) = message.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if is_valid(message.as_bytes(), &signature, key, algorithm) { URL_SAFE_NO_PAD.decode(payload).ok() } else { None }
}

/// Whether `key` has signed `message` with `algorithm`. A key of another family has signed nothing: a public key is never
/// the secret of HMAC.
fn is_valid(message: &[u8], signature: &[u8], key: &DecodingKey, algorithm: Algorithm) -> bool {
    match (key.family(), key.kind(), algorithm) {
        (AlgorithmFamily::Rsa, DecodingKeyKind::RsaModulusExponent { n, e }, _) => rsa(algorithm)
            .is_some_and(|parameters| RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()),
        (AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point), Algorithm::ES256) => {
            is_signed(&ECDSA_P256_SHA256_FIXED, point, message, signature)
        }
        (AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point), Algorithm::ES384) => {
            is_signed(&ECDSA_P384_SHA384_FIXED, point, message, signature)
        }
        (AlgorithmFamily::Ed, DecodingKeyKind::SecretOrDer(point), Algorithm::EdDSA) => {
            is_signed(&ED25519, point, message, signature)
        }
        (AlgorithmFamily::Hmac, DecodingKeyKind::SecretOrDer(secret), _) => hmac(algorithm)
            .is_some_and(|algorithm| hmac::verify(&hmac::Key::new(algorithm, secret), message, signature).is_ok()),
        _ => false,
    }
}

fn is_signed(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
}

const fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RS384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::RS512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::PS384 => &RSA_PSS_2048_8192_SHA384,
        Algorithm::PS512 => &RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

const fn hmac(algorithm: Algorithm) -> Option<hmac::Algorithm> {
    Some(match algorithm {
        Algorithm::HS256 => hmac::HMAC_SHA256,
        Algorithm::HS384 => hmac::HMAC_SHA384,
        Algorithm::HS512 => hmac::HMAC_SHA512,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_is_no_secret() {
        let (n, e) = ("A".repeat(342), "AQAB");
        let public = DecodingKey::from_rsa_components(&n, e).expect("a key");
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode("{}"));
        for secret in [n.as_bytes(), &URL_SAFE_NO_PAD.decode(&n).expect("base64"), b""] {
            let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
            assert_eq!(signed_payload(&token, &public, Algorithm::HS256), None);
            assert_eq!(signed_payload(&token, &public, Algorithm::RS256), None);
            let shared = DecodingKey::from_secret(secret);
            assert!(signed_payload(&token, &shared, Algorithm::HS256).is_some(), "the token itself is right");
        }
    }
}
