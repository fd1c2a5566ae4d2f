//! An issuer of tokens (JSON Web Tokens, RFC 7519) that an instance may trust: real keys, and a real server for them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use vestibule::JwtSettings;

use super::{TestApp, openid::OpenIdProvider};

/// The moment at which the tests' clock stands, in seconds since 1970.
pub(crate) const NOW: i64 = 1_800_000_000;

/// A key of the issuer.
#[derive(Clone)]
pub(crate) struct Key {
    id: &'static str,
    pub(crate) algorithm: Algorithm,
    pub(crate) key: EncodingKey,
    pub(crate) public: Vec<u8>,
    public_raw: Vec<u8>,
}

impl Key {
    pub(crate) fn new(id: &'static str, algorithm: Algorithm) -> Self {
        let kind = match algorithm {
            Algorithm::RS256 => &PKCS_RSA_SHA256,
            Algorithm::ES256 => &PKCS_ECDSA_P256_SHA256,
            _ => &PKCS_ED25519,
        };
        let pair = KeyPair::generate_for(kind).expect("a key");
        let pem = pair.serialize_pem();
        let key = match algorithm {
            Algorithm::RS256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
            Algorithm::ES256 => EncodingKey::from_ec_pem(pem.as_bytes()),
            _ => EncodingKey::from_ed_pem(pem.as_bytes()),
        };
        let (public, public_raw) = (pair.public_key_pem().into_bytes(), pair.public_key_raw().to_vec());
        Self { id, algorithm, key: key.expect("a key"), public, public_raw }
    }

    pub(crate) fn jwk(&self) -> Value {
        if self.algorithm == Algorithm::EdDSA {
            let x = URL_SAFE_NO_PAD.encode(&self.public_raw);
            return json!({"kty": "OKP", "crv": "Ed25519", "kid": self.id, "alg": "EdDSA", "x": x});
        }
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).expect("a public key");
        jwk.common.key_id = Some(self.id.to_owned());
        serde_json::to_value(jwk).expect("JSON")
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).expect("a token")
    }
}

/// The issuer: a provider that answers with the keys it has at that moment.
pub(crate) struct Issuer {
    provider: OpenIdProvider,
}

impl Issuer {
    pub(crate) async fn start(keys: &[&Key]) -> Self {
        let issuer = Self { provider: OpenIdProvider::start().await };
        issuer.rotate(keys);
        issuer
    }

    pub(crate) fn name(&self) -> String {
        self.provider.issuer()
    }

    pub(crate) fn settings(&self) -> JwtSettings {
        JwtSettings {
            issuer: self.name(),
            audience: "vestibule".to_owned(),
            jwks_url: None,
            leeway_seconds: 60,
            timeout: JwtSettings::TIMEOUT,
        }
    }

    pub(crate) fn rotate(&self, keys: &[&Key]) {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk()).collect();
        self.provider.set_keys(json!({"keys": keys}));
    }

    /// The claims of a token that holds, with some of them changed; null ones are left out.
    pub(crate) fn claims(&self, change: Value) -> Value {
        let mut claims = json!({
            "iss": self.name(), "aud": "vestibule", "sub": "usr_1", "iat": NOW, "exp": NOW + 3600,
            "role": "super_admin",
        });
        let object = claims.as_object_mut().expect("an object");
        for (name, value) in change.as_object().expect("an object") {
            if value.is_null() {
                object.remove(name)
            } else {
                object.insert(name.clone(), value.clone())
            };
        }
        claims
    }

    /// An instance that trusts it.
    pub(crate) async fn app(&self) -> TestApp {
        let settings = self.settings();
        TestApp::start_with(|builder| builder.jwt(settings)).await
    }

    /// How often the keys were asked for.
    pub(crate) fn count(&self) -> usize {
        self.provider.keys_asked()
    }
}
