//! Whether a provider's published keys (RFC 7517) can verify an ID token.
//!
//! The keys are only inspected here; the server's token check verifies signatures with them. An unusable key is listed
//! with a note and does not make the set unusable.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Finding, FindingCode};
use crate::domain::mapping::JsonKind;

/// The keys of a set, in the order of publication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwksSummary {
    /// One entry for each key.
    pub keys: Vec<KeySummary>,
}

impl JwksSummary {
    /// The keys that can verify an ID token.
    pub fn signing_keys(&self) -> impl Iterator<Item = &KeySummary> {
        self.keys.iter().filter(|key| key.usable_for_signing)
    }
}

/// What a key states about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySummary {
    /// The key's id.
    pub kid: Option<String>,
    /// The key type; empty when it is missing.
    pub kty: String,
    /// The algorithm the key is meant for.
    pub alg: Option<String>,
    /// The intended use: `sig` or `enc`.
    #[serde(rename = "use")]
    pub usage: Option<String>,
    /// The curve.
    pub crv: Option<String>,
    /// The size in bits, for RSA and known curves.
    pub bits: Option<u32>,
    /// Whether the key can verify an ID token.
    pub usable_for_signing: bool,
    /// Why it cannot, as a clause.
    pub note: Option<String>,
}

/// How many keys are inspected. Providers publish a handful; the largest publish about twenty.
const MAX_KEYS: usize = 200;

/// Summarizes a fetched key set and returns what is wrong with it as findings.
pub fn inspect_jwks(document: &Value) -> (JwksSummary, Vec<Finding>) {
    let Some(items) = document.get("keys").and_then(Value::as_array) else {
        let message = match document {
            Value::Object(_) => "The key set has no list named keys.".to_owned(),
            other => format!("The key set is {}, not an object.", JsonKind::of(other)),
        };
        let finding = Finding::error(FindingCode::JwksNotAKeySet, message).about("jwks_uri");
        return (JwksSummary::default(), vec![finding.advise("Check that jwks_uri leads to the provider's keys.")]);
    };
    let summary = JwksSummary { keys: items.iter().take(MAX_KEYS).map(summarize).collect() };
    let mut findings = check(&summary);
    if items.len() > MAX_KEYS {
        let message = format!("The provider publishes {} keys; the first {MAX_KEYS} are shown.", items.len());
        findings.push(Finding::info(FindingCode::TooManyKeys, message).about("jwks_uri"));
    }
    if items.iter().any(publishes_a_secret) {
        findings.push(
            Finding::warning(FindingCode::PrivateKeyPublished, "The key set holds private key material.")
                .about("jwks_uri")
                .advise("Report it to the provider at once: anyone can sign tokens with that key."),
        );
    }
    (summary, findings)
}

fn check(summary: &JwksSummary) -> Vec<Finding> {
    let mut findings = Vec::new();
    if summary.signing_keys().next().is_none() {
        let message = match summary.keys.len() {
            0 => "The provider publishes no keys.".to_owned(),
            1 => "The one key the provider publishes cannot verify an ID token.".to_owned(),
            count => {
                format!("None of the {count} keys the provider publishes can verify an ID token.")
            }
        };
        findings.push(
            Finding::error(FindingCode::NoSigningKey, message)
                .about("jwks_uri")
                .advise("Ask the provider for an RSA key of 2048 bits or more, an EC key or an Ed25519 key."),
        );
    }

    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for kid in summary.signing_keys().filter_map(|key| key.kid.as_deref()) {
        *uses.entry(kid).or_default() += 1;
    }
    for (kid, count) in uses.into_iter().filter(|(_, count)| *count > 1) {
        let message = format!("{count} signing keys share the id {kid:?}.");
        findings.push(
            Finding::warning(FindingCode::DuplicateKeyId, message)
                .about("jwks_uri")
                .advise("Tokens are checked against each of them."),
        );
    }

    if summary.signing_keys().count() > 1 && summary.signing_keys().any(|key| key.kid.is_none()) {
        findings.push(
            Finding::warning(FindingCode::KeyIdMissing, "One of several signing keys has no id.")
                .about("jwks_uri")
                .advise("Tokens that name no key are checked against each of them."),
        );
    }

    for key in summary.keys.iter().filter(|key| !key.usable_for_signing && key.usage.as_deref() != Some("enc")) {
        let name = key.kid.as_deref().map_or("A key without id".to_owned(), |kid| format!("Key {kid:?}"));
        let note = key.note.as_deref().unwrap_or("is not usable");
        let message = format!("{name} is left out: {note}.");
        findings.push(Finding::info(FindingCode::KeyUnusable, message).about("jwks_uri"));
    }
    findings
}

fn summarize(key: &Value) -> KeySummary {
    let Value::Object(key) = key else {
        let note = format!("it is {}, not an object", JsonKind::of(key));
        return KeySummary { note: Some(note), ..KeySummary::default() };
    };
    let text = |name: &str| key.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut summary = KeySummary {
        kid: text("kid"),
        kty: text("kty").unwrap_or_default(),
        alg: text("alg"),
        usage: text("use"),
        crv: text("crv"),
        bits: None,
        usable_for_signing: false,
        note: None,
    };
    summary.bits = match summary.kty.as_str() {
        "RSA" => rsa_bits(key),
        "EC" | "OKP" => summary.crv.as_deref().and_then(curve_bits),
        _ => None,
    };
    summary.note = obstacle(&summary, key);
    summary.usable_for_signing = summary.note.is_none();
    summary
}

/// Why the key cannot verify an ID token, as a clause; `None` when it can.
fn obstacle(summary: &KeySummary, key: &Map<String, Value>) -> Option<String> {
    let has = |name: &str| key.get(name).and_then(Value::as_str).is_some_and(|value| !value.is_empty());
    match summary.usage.as_deref() {
        None | Some("sig") => {}
        Some("enc") => return Some("it is for encryption".to_owned()),
        Some(other) => return Some(format!("its use is {other:?}, not sig")),
    }
    if let Some(operations) = key.get("key_ops").and_then(Value::as_array)
        && !operations.is_empty()
        && !operations.iter().any(|operation| operation == "verify")
    {
        return Some("its key_ops do not include verify".to_owned());
    }
    if let Some(alg) = summary.alg.as_deref()
        && !is_signature_algorithm(alg)
    {
        return Some(format!("its algorithm {alg} is not for the signatures we verify"));
    }
    match (summary.kty.as_str(), summary.crv.as_deref()) {
        ("RSA", _) => match summary.bits {
            Some(2048..) if has("e") => None,
            Some(2048..) => Some("its exponent e is missing".to_owned()),
            Some(bits) => Some(format!("its {bits} bits are too few; 2048 are needed")),
            None => Some("its modulus n is missing or not base64url".to_owned()),
        },
        ("EC", Some("P-256" | "P-384" | "P-521")) if has("x") && has("y") => None,
        ("EC", Some("P-256" | "P-384" | "P-521")) => Some("its point x, y is missing".to_owned()),
        ("OKP", Some("Ed25519")) if has("x") => None,
        ("OKP", Some("Ed25519")) => Some("its point x is missing".to_owned()),
        ("EC" | "OKP", Some(curve)) => Some(format!("its curve {curve} is not supported")),
        ("EC" | "OKP", None) => Some("its curve is missing".to_owned()),
        ("oct", _) => Some("it is symmetric, and a published secret proves nothing".to_owned()),
        ("", _) => Some("its type kty is missing".to_owned()),
        (kty, _) => Some(format!("its type {kty} is not supported")),
    }
}

fn is_signature_algorithm(alg: &str) -> bool {
    matches!(
        alg,
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519"
    )
}

fn rsa_bits(key: &Map<String, Value>) -> Option<u32> {
    let modulus = URL_SAFE_NO_PAD.decode(key.get("n")?.as_str()?.trim_end_matches('=')).ok()?;
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let bytes = u32::try_from(modulus.len() - first).ok()?;
    bytes.checked_mul(8).map(|bits| bits - modulus[first].leading_zeros())
}

fn curve_bits(curve: &str) -> Option<u32> {
    match curve {
        "P-256" | "Ed25519" => Some(256),
        "P-384" => Some(384),
        "P-521" => Some(521),
        _ => None,
    }
}

fn publishes_a_secret(key: &Value) -> bool {
    ["d", "p", "q", "k"].iter().any(|secret| key.get(secret).is_some_and(Value::is_string))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn rsa(kid: &str, bytes: usize) -> Value {
        let mut modulus = vec![0xff; bytes];
        modulus.insert(0, 0);
        json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode(modulus)})
    }

    fn codes(keys: Value) -> Vec<FindingCode> {
        inspect_jwks(&json!({ "keys": keys })).1.into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn counts_the_bits_of_rsa_keys() {
        let (summary, findings) = inspect_jwks(&json!({"keys": [rsa("a", 256)]}));
        assert_eq!(summary.keys[0].bits, Some(2048));
        assert!(summary.keys[0].usable_for_signing);
        assert_eq!(findings, []);
        assert_eq!(codes(json!([rsa("a", 128)])), [FindingCode::NoSigningKey, FindingCode::KeyUnusable]);
    }

    #[test]
    fn unusable_keys_do_not_affect_the_others() {
        let keys = json!([
            rsa("good", 256),
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "ed"},
            {"kty": "RSA", "use": "enc", "kid": "e"},
            {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "k"},
            {"kty": "oct", "kid": "s"},
            {"kty": "AKP", "kid": "pq"},
            7,
        ]);
        let (summary, findings) = inspect_jwks(&json!({ "keys": keys }));
        assert_eq!(summary.signing_keys().count(), 3);
        let messages: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "One of several signing keys has no id.",
                "Key \"k\" is left out: its curve secp256k1 is not supported.",
                "Key \"s\" is left out: it is symmetric, and a published secret proves nothing.",
                "Key \"pq\" is left out: its type AKP is not supported.",
                "A key without id is left out: it is a number, not an object.",
            ]
        );
    }

    #[test]
    fn warns_of_shared_ids_and_published_secrets() {
        let mut private = rsa("a", 256);
        private["d"] = json!("AA");
        assert_eq!(
            codes(json!([rsa("a", 256), private])),
            [FindingCode::DuplicateKeyId, FindingCode::PrivateKeyPublished]
        );
    }

    #[test]
    fn what_is_empty_counts_as_absent() {
        let mut key = rsa("a", 256);
        for (member, nothing) in [("key_ops", json!([])), ("use", json!("")), ("alg", json!("")), ("kid", json!(""))] {
            key[member] = nothing;
        }
        let (summary, findings) = inspect_jwks(&json!({"keys": [key]}));
        assert!(summary.keys[0].usable_for_signing && summary.keys[0].kid.is_none(), "{summary:?}");
        assert_eq!(findings, []);
    }

    #[test]
    fn looks_at_so_many_keys_only() {
        let (summary, findings) = inspect_jwks(&json!({"keys": vec![rsa("a", 256); 300]}));
        assert_eq!(summary.keys.len(), MAX_KEYS);
        assert!(findings.iter().any(|finding| finding.code == FindingCode::TooManyKeys));
    }

    #[test]
    fn a_set_without_keys_is_an_error() {
        assert_eq!(codes(json!([])), [FindingCode::NoSigningKey]);
        for strange in [json!([]), json!({}), json!({"keys": {}}), json!(null)] {
            assert_eq!(inspect_jwks(&strange).1[0].code, FindingCode::JwksNotAKeySet);
        }
    }

    proptest! {
        #[test]
        fn never_panics(kty in "(RSA|EC|OKP|oct|x)", n in "[A-Za-z_=-]{0,12}", crv in "(P-256|Ed25519|x)") {
            let (summary, _) = inspect_jwks(&json!({"keys": [{"kty": kty, "n": n, "e": "AQAB", "crv": crv, "x": n}]}));
            prop_assert_eq!(summary.keys.len(), 1);
            prop_assert_eq!(summary.keys[0].usable_for_signing, summary.keys[0].note.is_none());
        }
    }
}
