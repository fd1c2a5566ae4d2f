//! A provider's key set (RFC 7517), as far as it verifies ID tokens.

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde_json::Value;

/// The most keys that are read; no provider has as many.
const MAX_KEYS: usize = 100;

/// The keys of a provider.
#[derive(Clone, Default)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// Why a set has no key for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// None of the keys fits. The provider may have new ones.
    Unknown,
    /// The token names no key, and several fit.
    Ambiguous,
}

#[derive(Clone)]
struct Key {
    id: Option<String>,
    /// The algorithms that the key's kind allows.
    family: &'static [Algorithm],
    /// The algorithm that the set says the key is for.
    only: Option<KeyAlgorithm>,
    key: VerificationKey,
}

/// A key that verifies signatures.
#[derive(Clone)]
pub(crate) struct VerificationKey {
    pub(crate) key: DecodingKey,
    /// Whose tokens it signs, where the set says so. Microsoft Entra does, which publishes the keys of several issuers in
    /// one set.
    pub(crate) issuer: Option<String>,
}

const RSA: &[Algorithm] =
    &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

impl KeySet {
    /// Reads a set. Keys that sign nothing, or with algorithms that are not known, are left out. `None` where no key is
    /// left: an answer without one does not replace keys that are known.
    pub(crate) fn read(set: &Value) -> Option<Self> {
        let entries = set.get("keys").and_then(Value::as_array)?;
        let keys: Vec<_> = entries.iter().take(MAX_KEYS).filter_map(Key::read).collect();
        (!keys.is_empty()).then_some(Self { keys })
    }

    /// The key for a token. Several keys of one id are distinguished by their algorithm.
    ///
    /// # Errors
    ///
    /// [`NoKey`].
    pub(crate) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<&VerificationKey, NoKey> {
        let mut fitting =
            self.keys.iter().filter(|key| key.fits(algorithm) && (id.is_none() || key.id.as_deref() == id));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(&only.key),
            (Some(_), Some(_)) => Err(NoKey::Ambiguous),
            (None, _) => Err(NoKey::Unknown),
        }
    }
}

impl Key {
    fn read(entry: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(entry.clone()).ok()?;
        let family: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => RSA,
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
            // A symmetric key that everybody can read verifies nothing.
            _ => return None,
        };
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
            && jwk.common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| signs)?;
        let issuer = entry.get("issuer").and_then(Value::as_str).map(str::to_owned);
        let key = VerificationKey { key, issuer };
        Some(Self { id: jwk.common.key_id, family, only: jwk.common.key_algorithm, key })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let names = |only: &KeyAlgorithm| only.to_string() == format!("{algorithm:?}");
        self.family.contains(&algorithm) && self.only.as_ref().is_none_or(names)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rsa(more: Value) -> Value {
        let mut key = json!({"kty": "RSA", "n": "A".repeat(342), "e": "AQAB"});
        key.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        key
    }

    fn set(keys: Value) -> KeySet {
        KeySet::read(&json!({"keys": keys})).unwrap_or_default()
    }

    fn found(set: &KeySet, id: Option<&str>, algorithm: Algorithm) -> Result<(), NoKey> {
        set.find(id, algorithm).map(drop)
    }

    #[test]
    fn keys_for_anything_else_are_left_out() {
        for (entry, counts) in [
            (rsa(json!({})), true),
            (rsa(json!({"use": "sig", "alg": "RS256", "key_ops": ["verify"]})), true),
            (rsa(json!({"use": "enc"})), false),
            (rsa(json!({"alg": "RS512"})), false),
            (rsa(json!({"alg": "HS256"})), false),
            (rsa(json!({"alg": "RSA-OAEP"})), false),
            (rsa(json!({"key_ops": ["encrypt"]})), false),
            (json!({"kty": "oct", "k": "c2VjcmV0"}), false),
            (json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}), false),
            (json!({"kty": "new"}), false),
            (json!("text"), false),
        ] {
            let found = found(&set(json!([entry])), None, Algorithm::RS256);
            assert_eq!(found.is_ok(), counts, "{entry}");
        }
    }

    #[test]
    fn several_keys_of_one_id_are_distinguished_by_algorithm() {
        let two = set(json!([rsa(json!({"kid": "a", "alg": "PS256"})), rsa(json!({"kid": "a", "alg": "RS256"}))]));
        assert!(found(&two, Some("a"), Algorithm::RS256).is_ok() && found(&two, Some("a"), Algorithm::PS256).is_ok());
        assert_eq!(found(&two, Some("a"), Algorithm::RS512), Err(NoKey::Unknown));
        assert_eq!(found(&two, Some("b"), Algorithm::RS256), Err(NoKey::Unknown));
    }

    #[test]
    fn a_key_verifies_no_algorithm_of_another_family() {
        // Above all not HMAC, whose secret everyone could read.
        let set = set(json!([rsa(json!({"kid": "a"}))]));
        for other in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512, Algorithm::ES256, Algorithm::EdDSA] {
            assert_eq!(found(&set, Some("a"), other), Err(NoKey::Unknown), "{other:?}");
        }
    }

    #[test]
    fn a_token_without_a_key_id_means_the_only_key_that_fits() {
        let two = set(json!([rsa(json!({"kid": "a"})), rsa(json!({"kid": "b"}))]));
        assert_eq!(found(&two, None, Algorithm::RS256), Err(NoKey::Ambiguous));
        assert!(found(&set(json!([rsa(json!({"kid": "a"}))])), None, Algorithm::RS256).is_ok());
    }
}
