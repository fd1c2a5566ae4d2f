//! What a provider does wrong, by name.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{hostile::signed, provider::SigningProvider};
use crate::support::issuer::Key;

/// One fault of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misbehaviour {
    /// ID tokens name another issuer.
    InvalidIssuer,
    MissingSubject,
    InvalidAudience,
    MissingAudience,
    MissingIssueTime,
    InvalidNonce,
    InvalidAccessTokenHash,
    /// ID tokens name no key, and two keys are published.
    MissingKeyIdOfSeveral,
    /// ID tokens have no signature, and say so.
    Unsigned,
    InvalidSignature,
    /// A signature by a key that is published and of the right kind, over something else.
    InvalidSignatureWithEs256,
    /// ID tokens are signed with HMAC, and the published key is the secret.
    PublicKeyAsSecret,
    UserInfoOfAnotherPerson,
}

impl Misbehaviour {
    /// What administrators read.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::InvalidIssuer => "the issuer of the ID token is",
            Self::MissingSubject => "has no sub",
            Self::InvalidAudience | Self::MissingAudience => "for another client",
            Self::MissingIssueTime => "has no iat",
            Self::InvalidNonce => "the nonce of the ID token is not that of the request",
            Self::InvalidAccessTokenHash => "at_hash",
            Self::MissingKeyIdOfSeveral => "names no key (kid)",
            Self::Unsigned => "is signed with none",
            Self::InvalidSignature | Self::InvalidSignatureWithEs256 => "signature of the ID token is not valid",
            Self::PublicKeyAsSecret => "is signed with HS256",
            Self::UserInfoOfAnotherPerson => "is about another person",
        }
    }
}

impl SigningProvider {
    /// Misbehaves from now on.
    pub(super) fn misbehave(&self, how: Misbehaviour) {
        let claim = |name: &'static str, value: Value| self.claims(move |claims| claims[name] = value.clone());
        match how {
            Misbehaviour::InvalidIssuer => claim("iss", json!("https://other.example")),
            Misbehaviour::MissingSubject => claim("sub", Value::Null),
            Misbehaviour::InvalidAudience => claim("aud", json!("other")),
            Misbehaviour::MissingAudience => claim("aud", Value::Null),
            Misbehaviour::MissingIssueTime => claim("iat", Value::Null),
            Misbehaviour::InvalidNonce => claim("nonce", json!("another")),
            Misbehaviour::InvalidAccessTokenHash => claim("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")),
            Misbehaviour::MissingKeyIdOfSeveral => {
                self.set_keys(vec![self.key().jwk(), Key::new("k2", Algorithm::RS256).jwk()]);
                self.header(|header| header.kid = None);
            }
            Misbehaviour::Unsigned => self.token(|token| {
                let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
                format!("{header}.{}.", payload(&token))
            }),
            Misbehaviour::InvalidSignature => self.token(|token| {
                let (message, signature) = token.rsplit_once('.').expect("a signature");
                let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
                bytes[0] ^= 1;
                format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes))
            }),
            Misbehaviour::InvalidSignatureWithEs256 => {
                let key = Key::new("k2", Algorithm::ES256);
                self.set_keys(vec![key.jwk()]);
                self.token(move |token| {
                    let header = r#"{"alg":"ES256","kid":"k2"}"#;
                    let elsewhere = signed(&key, header, "{}");
                    let (_, signature) = elsewhere.rsplit_once('.').expect("a signature");
                    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), payload(&token))
                });
            }
            Misbehaviour::PublicKeyAsSecret => {
                let secret = EncodingKey::from_secret(&self.key().public);
                self.token(move |token| {
                    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"k1"}"#);
                    let message = format!("{header}.{}", payload(&token));
                    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &secret, Algorithm::HS256);
                    format!("{message}.{}", signature.expect("a signature"))
                });
            }
            Misbehaviour::UserInfoOfAnotherPerson => {
                claim("email", Value::Null);
                self.user_info(json!({"sub": "eve", "email": "eve@corp.example"}));
            }
        }
    }

    /// Signs with another key from now on, and publishes it alone.
    pub(super) fn rotate(&self, key: &Key) {
        self.set_keys(vec![key.jwk()]);
        let key = key.clone();
        self.token(move |token| {
            let claims = URL_SAFE_NO_PAD.decode(payload(&token)).expect("base64");
            key.sign(&serde_json::from_slice(&claims).expect("claims"))
        });
    }
}

/// The claims of a token, encoded.
fn payload(token: &str) -> &str {
    token.split('.').nth(1).expect("a payload")
}
