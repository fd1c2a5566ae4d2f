//! The issuer's keys in a cache: read again when they are old, and when a token names an unknown one.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde_json::Value;
use tokio::sync::Mutex;
use vestibule_app::domain::timestamp::Timestamp;

use crate::clock::Clock;

/// Reads the key set. It ends within the limits of the outbound client.
pub(crate) type FetchKeys = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Value, String>> + Send>> + Send + Sync>;

/// How long keys are used without reading them again, in seconds.
const FRESH: i64 = 10 * 60;
/// How long keys are used while the issuer does not answer, in seconds.
const HELD: i64 = 60 * 60;
/// The shortest time between two readings, in seconds, whatever tokens are sent.
const PAUSE: i64 = 30;
/// The most keys that are read; no issuer has as many.
const MOST: usize = 100;

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFault {
    /// The issuer has no such key.
    Unknown,
    /// The issuer's keys cannot be read.
    Unavailable,
}

pub(super) struct Keys {
    fetch: FetchKeys,
    clock: Arc<dyn Clock>,
    known: RwLock<Arc<Known>>,
    /// Held while keys are read, so that one request reads them.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Known {
    keys: Vec<Key>,
    read_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

#[derive(Clone)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Keys {
    pub(super) fn new(fetch: FetchKeys, clock: Arc<dyn Clock>) -> Self {
        Self { fetch, clock, known: RwLock::default(), reading: Mutex::default() }
    }

    /// The key that a token names, made for the algorithm that it names.
    pub(super) async fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, KeyFault> {
        let known = self.known(self.clock.now());
        let found = known.find(id, algorithm);
        if let Some(key) = &found
            && known.is_younger_than(FRESH, self.clock.now())
        {
            return Ok(key.clone());
        }
        let _reading = match found {
            // Old keys do while another request reads new ones.
            Some(key) if known.is_younger_than(HELD, self.clock.now()) => match self.reading.try_lock() {
                Ok(guard) => guard,
                Err(_) => return Ok(key),
            },
            _ => self.reading.lock().await,
        };
        // Others may have read them while this request waited.
        let now = self.clock.now();
        if self.known(now).may_be_read(now) {
            self.read().await;
        }
        let now = self.clock.now();
        let known = self.known(now);
        if !known.is_younger_than(HELD, now) {
            return Err(KeyFault::Unavailable);
        }
        known.find(id, algorithm).ok_or(KeyFault::Unknown)
    }

    async fn read(&self) {
        let now = self.clock.now();
        let before = self.known(now);
        let outcome = (self.fetch)().await;
        let next = match outcome {
            Ok(set) => Known { keys: keys_of(&set), read_at: Some(now), tried_at: Some(now) },
            Err(error) => {
                tracing::warn!(%error, "cannot read the keys of the trusted issuer");
                Known { keys: before.keys.clone(), read_at: before.read_at, tried_at: Some(now) }
            }
        };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }

    /// What is known, with no moment ahead of now: after the clock was set back, keys are used for
    /// as long as ever, counted from the moment when that is noticed.
    fn known(&self, now: Timestamp) -> Arc<Known> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_not_after(now) {
            return known;
        }
        let mut held = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let back = |at: Timestamp| at.min(now);
        let Known { keys, read_at, tried_at } = &**held;
        *held = Arc::new(Known { keys: keys.clone(), read_at: read_at.map(back), tried_at: tried_at.map(back) });
        held.clone()
    }
}

impl Known {
    fn is_not_after(&self, now: Timestamp) -> bool {
        [self.read_at, self.tried_at].into_iter().flatten().all(|at| at <= now)
    }

    fn is_younger_than(&self, seconds: i64, now: Timestamp) -> bool {
        self.read_at.is_some_and(|at| now.elapsed_since(at) < seconds)
    }

    fn may_be_read(&self, now: Timestamp) -> bool {
        self.tried_at.is_none_or(|at| now.elapsed_since(at) >= PAUSE)
    }

    /// A token that names no key means the only one of its kind.
    fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut fitting = self.keys.iter().filter(|key| key.algorithm == algorithm);
        match id {
            Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)).map(|key| key.key.clone()),
            None => match (fitting.next(), fitting.next()) {
                (Some(only), None) => Some(only.key.clone()),
                _ => None,
            },
        }
    }
}

/// The keys of a set that sign tokens with a supported algorithm; others are ignored.
fn keys_of(set: &Value) -> Vec<Key> {
    let entries = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    entries.iter().take(MOST).filter_map(key_of).collect()
}

fn key_of(entry: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(entry.clone()).ok()?;
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let common = &jwk.common;
    let is_meant_for = match common.key_algorithm {
        None => true,
        Some(KeyAlgorithm::RS256) => algorithm == Algorithm::RS256,
        Some(KeyAlgorithm::ES256) => algorithm == Algorithm::ES256,
        Some(KeyAlgorithm::EdDSA) => algorithm == Algorithm::EdDSA,
        Some(_) => false,
    };
    let signs = common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
    let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| is_meant_for && signs)?;
    Some(Key { id: common.key_id.clone(), algorithm, key })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_for_anything_else_are_passed_over() {
        let rsa = |more: Value| {
            let mut key = json!({"kty": "RSA", "n": "A".repeat(342), "e": "AQAB"});
            key.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            key
        };
        for (entry, counts) in [
            (rsa(json!({})), true),
            (rsa(json!({"use": "sig", "alg": "RS256", "key_ops": ["verify"]})), true),
            (rsa(json!({"use": "enc"})), false),
            (rsa(json!({"alg": "RS512"})), false),
            (rsa(json!({"alg": "HS256"})), false),
            (rsa(json!({"key_ops": ["encrypt"]})), false),
            (json!({"kty": "oct", "k": "c2VjcmV0"}), false),
            (json!({"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}), false),
            (json!({"kty": "new"}), false),
            (json!("text"), false),
        ] {
            assert_eq!(key_of(&entry).is_some(), counts, "{entry}");
        }
    }

    #[test]
    fn a_token_without_a_key_id_means_the_only_key_of_its_kind() {
        let key = |id: &str| json!({"kty": "RSA", "n": "A".repeat(342), "e": "AQAB", "kid": id});
        let known = |set: Value| Known { keys: keys_of(&set), ..Known::default() };
        let one = known(json!({"keys": [key("a")]}));
        let two = known(json!({"keys": [key("a"), key("b")]}));
        assert!(one.find(None, Algorithm::RS256).is_some() && one.find(None, Algorithm::ES256).is_none());
        assert!(two.find(None, Algorithm::RS256).is_none() && two.find(Some("b"), Algorithm::RS256).is_some());
        assert!(two.find(Some("b"), Algorithm::EdDSA).is_none());
    }
}
