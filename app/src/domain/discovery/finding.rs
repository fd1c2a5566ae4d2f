//! Findings about a provider: severity, code, the member concerned, message and advice.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// How serious a finding is, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Information only.
    Info,
    /// The provider works, or may work, but this should be checked.
    Warning,
    /// The provider cannot be used.
    Error,
}

impl Severity {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing found in a discovery document or a key set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The severity.
    pub severity: Severity,
    /// The code, for programs.
    pub code: FindingCode,
    /// The member of the document that it concerns.
    pub member: Option<String>,
    /// What was found, as a sentence.
    pub message: String,
    /// What to do about it; empty when nothing needs doing.
    pub advice: String,
}

impl Finding {
    pub(super) fn new(severity: Severity, code: FindingCode, message: impl Into<String>) -> Finding {
        Finding { severity, code, member: None, message: message.into(), advice: String::new() }
    }

    pub(super) fn error(code: FindingCode, message: impl Into<String>) -> Finding {
        Finding::new(Severity::Error, code, message)
    }

    pub(super) fn warning(code: FindingCode, message: impl Into<String>) -> Finding {
        Finding::new(Severity::Warning, code, message)
    }

    pub(super) fn info(code: FindingCode, message: impl Into<String>) -> Finding {
        Finding::new(Severity::Info, code, message)
    }

    pub(super) fn about(mut self, member: &str) -> Finding {
        self.member = Some(member.to_owned());
        self
    }

    pub(super) fn advise(mut self, advice: impl Into<String>) -> Finding {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Finding {
    /// Message and advice as one text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, " {}", self.advice) }
    }
}

/// What a finding is, independent of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingCode {
    /// The discovery document is no JSON object.
    DocumentNotAnObject,
    /// A member has another JSON type than the specification says.
    MemberHasWrongType,
    /// A required member is missing.
    MemberMissing,
    /// A list is empty and counts as absent.
    MemberEmpty,
    /// The document names no issuer.
    IssuerMissing,
    /// The issuer is no absolute URL.
    IssuerNotAUrl,
    /// The issuer does not use https.
    IssuerNotHttps,
    /// The issuer has a query or a fragment.
    IssuerHasQueryOrFragment,
    /// The issuer differs from the one expected.
    IssuerMismatch,
    /// The issuer differs from the one expected only in its spelling, such as a slash at the end.
    IssuerTrailingSlash,
    /// The issuer holds a placeholder, as Microsoft Entra writes for several tenants.
    IssuerIsATemplate,
    /// The document was served from elsewhere than the issuer.
    IssuerNotAtUrl,
    /// An endpoint is no absolute http or https URL.
    EndpointNotAUrl,
    /// An endpoint uses http and is not on the local machine.
    EndpointNotHttps,
    /// An endpoint has a fragment.
    EndpointHasFragment,
    /// There is no userinfo endpoint.
    UserinfoEndpointMissing,
    /// The authorization code flow is not offered.
    CodeFlowUnsupported,
    /// The grant types listed do not include the authorization code.
    CodeGrantNotListed,
    /// No listed ID token signing algorithm is supported.
    SigningAlgorithmUnsupported,
    /// RS256 is not among the ID token signing algorithms.
    Rs256NotListed,
    /// The S256 code challenge method is not listed.
    PkceNotListed,
    /// No listed client authentication method is supported.
    ClientAuthenticationUnsupported,
    /// The scopes listed do not include `openid`.
    OpenidScopeNotListed,
    /// A list holds the same item twice.
    DuplicateItems,
    /// The key set could not be fetched.
    JwksUnreachable,
    /// The key set is no JSON object with a list of keys.
    JwksNotAKeySet,
    /// No published key can verify an ID token.
    NoSigningKey,
    /// Two keys share an id.
    DuplicateKeyId,
    /// One of several signing keys has no id.
    KeyIdMissing,
    /// There are more keys than the limit.
    TooManyKeys,
    /// A published key cannot be used.
    KeyUnusable,
    /// The key set holds private key material.
    PrivateKeyPublished,
}

impl FindingCode {
    /// All codes.
    pub const ALL: &[FindingCode] = &[
        FindingCode::DocumentNotAnObject,
        FindingCode::MemberHasWrongType,
        FindingCode::MemberMissing,
        FindingCode::MemberEmpty,
        FindingCode::IssuerMissing,
        FindingCode::IssuerNotAUrl,
        FindingCode::IssuerNotHttps,
        FindingCode::IssuerHasQueryOrFragment,
        FindingCode::IssuerMismatch,
        FindingCode::IssuerTrailingSlash,
        FindingCode::IssuerIsATemplate,
        FindingCode::IssuerNotAtUrl,
        FindingCode::EndpointNotAUrl,
        FindingCode::EndpointNotHttps,
        FindingCode::EndpointHasFragment,
        FindingCode::UserinfoEndpointMissing,
        FindingCode::CodeFlowUnsupported,
        FindingCode::CodeGrantNotListed,
        FindingCode::SigningAlgorithmUnsupported,
        FindingCode::Rs256NotListed,
        FindingCode::PkceNotListed,
        FindingCode::ClientAuthenticationUnsupported,
        FindingCode::OpenidScopeNotListed,
        FindingCode::DuplicateItems,
        FindingCode::JwksUnreachable,
        FindingCode::JwksNotAKeySet,
        FindingCode::NoSigningKey,
        FindingCode::DuplicateKeyId,
        FindingCode::KeyIdMissing,
        FindingCode::TooManyKeys,
        FindingCode::KeyUnusable,
        FindingCode::PrivateKeyPublished,
    ];

    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            FindingCode::DocumentNotAnObject => "document-not-an-object",
            FindingCode::MemberHasWrongType => "member-has-wrong-type",
            FindingCode::MemberMissing => "member-missing",
            FindingCode::MemberEmpty => "member-empty",
            FindingCode::IssuerMissing => "issuer-missing",
            FindingCode::IssuerNotAUrl => "issuer-not-a-url",
            FindingCode::IssuerNotHttps => "issuer-not-https",
            FindingCode::IssuerHasQueryOrFragment => "issuer-has-query-or-fragment",
            FindingCode::IssuerMismatch => "issuer-mismatch",
            FindingCode::IssuerTrailingSlash => "issuer-trailing-slash",
            FindingCode::IssuerIsATemplate => "issuer-is-a-template",
            FindingCode::IssuerNotAtUrl => "issuer-not-at-url",
            FindingCode::EndpointNotAUrl => "endpoint-not-a-url",
            FindingCode::EndpointNotHttps => "endpoint-not-https",
            FindingCode::EndpointHasFragment => "endpoint-has-fragment",
            FindingCode::UserinfoEndpointMissing => "userinfo-endpoint-missing",
            FindingCode::CodeFlowUnsupported => "code-flow-unsupported",
            FindingCode::CodeGrantNotListed => "code-grant-not-listed",
            FindingCode::SigningAlgorithmUnsupported => "signing-algorithm-unsupported",
            FindingCode::Rs256NotListed => "rs256-not-listed",
            FindingCode::PkceNotListed => "pkce-not-listed",
            FindingCode::ClientAuthenticationUnsupported => "client-authentication-unsupported",
            FindingCode::OpenidScopeNotListed => "openid-scope-not-listed",
            FindingCode::DuplicateItems => "duplicate-items",
            FindingCode::JwksUnreachable => "jwks-unreachable",
            FindingCode::JwksNotAKeySet => "jwks-not-a-key-set",
            FindingCode::NoSigningKey => "no-signing-key",
            FindingCode::DuplicateKeyId => "duplicate-key-id",
            FindingCode::KeyIdMissing => "key-id-missing",
            FindingCode::TooManyKeys => "too-many-keys",
            FindingCode::KeyUnusable => "key-unusable",
            FindingCode::PrivateKeyPublished => "private-key-published",
        }
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of a [`FindingCode`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown finding code {0:?}")]
pub struct UnknownFindingCode(pub String);

impl FromStr for FindingCode {
    type Err = UnknownFindingCode;

    fn from_str(name: &str) -> Result<FindingCode, UnknownFindingCode> {
        FindingCode::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .ok_or_else(|| UnknownFindingCode(name.to_owned()))
    }
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FindingCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FindingCode, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for code in FindingCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
        assert_eq!(FindingCode::Rs256NotListed.as_str(), "rs256-not-listed");
    }

    #[test]
    fn severities_order_from_harmless_to_fatal() {
        assert!(Severity::Info < Severity::Warning && Severity::Warning < Severity::Error);
    }
}
