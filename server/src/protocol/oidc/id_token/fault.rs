//! Why an ID token is not accepted: what was found, the rule, and what to do about it.

use thiserror::Error;

/// Why an ID token is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum IdTokenFault {
    /// It is not a JSON Web Token, or its claims are not an object with unique members.
    #[error("the ID token is not a signed JSON Web Token")]
    Malformed,
    /// It is longer than any token.
    #[error("the ID token is too long")]
    TooLong,
    /// It is encrypted.
    #[error("the ID token is encrypted, which is not supported")]
    Encrypted,
    /// It needs extensions that are not understood.
    #[error("the ID token needs extensions (crit) that are not supported")]
    CriticalExtension,
    /// Its algorithm is not allowed.
    #[error("the ID token is signed with {algorithm}, which is not allowed for this provider")]
    AlgorithmNotAllowed {
        /// The algorithm that its header names.
        algorithm: String,
    },
    /// The provider has no such key.
    #[error("the ID token is signed with a key that the provider does not publish")]
    UnknownKey,
    /// It names no key, and the provider has several.
    #[error("the ID token names no key (kid), and the provider publishes several that fit")]
    AmbiguousKey,
    /// The signature does not fit.
    #[error("the signature of the ID token is not valid")]
    WrongSignature,
    /// It has no `sub`.
    #[error("the ID token has no sub")]
    NoSubject,
    /// Its `sub` is too long.
    #[error("the sub of the ID token is longer than 255 characters")]
    SubjectTooLong,
    /// Its `sub` has control characters.
    #[error("the sub of the ID token has control characters")]
    SubjectMalformed,
    /// Another issuer.
    #[error("the issuer of the ID token is {found:?}, and {expected} is expected")]
    WrongIssuer {
        /// What the token says.
        found: String,
        /// What it has to say.
        expected: String,
    },
    /// An issuer that is not one of those that are allowed for the provider.
    #[error("the issuer of the ID token is {found:?}, which is not one of the allowed issuers")]
    IssuerNotAllowed {
        /// What the token says.
        found: String,
    },
    /// Another directory tenant than that of its issuer.
    #[error("the ID token names another directory tenant (tid) than its issuer")]
    WrongDirectory,
    /// A key of another directory tenant.
    #[error("the ID token is signed with a key that the provider publishes for another issuer")]
    WrongSigner,
    /// The secret that HMAC needs is missing or too short.
    #[error("the ID token is signed with the client secret, which is missing or shorter than {bytes} bytes")]
    ShortSecret {
        /// How long it must be.
        bytes: usize,
    },
    /// The person authenticated too long ago.
    #[error("the person authenticated {seconds} seconds ago (auth_time), and max_age allows {max_age}")]
    TooLongAgo {
        /// How long ago.
        seconds: i64,
        /// How long ago it may be.
        max_age: u32,
    },
    /// For another client.
    #[error("the ID token is for another client: aud does not contain the client ID")]
    WrongAudience,
    /// For several clients, or issued to another one.
    #[error("the ID token was issued to another client: azp is not the client ID")]
    WrongAuthorizedParty,
    /// A time is missing.
    #[error("the ID token has no {claim}")]
    MissingTime {
        /// The claim.
        claim: &'static str,
    },
    /// A time is no number, or out of range.
    #[error("{claim} of the ID token is not a time")]
    NotATime {
        /// The claim.
        claim: &'static str,
    },
    /// It has expired.
    #[error("the ID token expired {by_seconds} seconds ago")]
    Expired {
        /// How long ago.
        by_seconds: i64,
    },
    /// It is not valid yet.
    #[error("{claim} of the ID token is {by_seconds} seconds ahead")]
    NotYetValid {
        /// The claim.
        claim: &'static str,
        /// How far ahead.
        by_seconds: i64,
    },
    /// The nonce is missing or another one.
    #[error("the nonce of the ID token is not that of the request")]
    WrongNonce,
    /// The access token is another one.
    #[error("at_hash of the ID token does not belong to the access token")]
    WrongAccessTokenHash,
}

impl IdTokenFault {
    /// The rule that it breaks.
    pub(crate) const fn rule(&self) -> &'static str {
        match self {
            Self::Malformed | Self::TooLong => "RFC 7519, section 7.2",
            Self::Encrypted => "OpenID Connect Core 1.0, section 3.1.3.7, item 1",
            Self::CriticalExtension => "RFC 7515, section 4.1.11",
            Self::AlgorithmNotAllowed { .. } => "OpenID Connect Core 1.0, section 3.1.3.7, item 7",
            Self::UnknownKey | Self::AmbiguousKey => "OpenID Connect Core 1.0, section 10.1",
            Self::WrongSignature => "OpenID Connect Core 1.0, section 3.1.3.7, item 6",
            Self::NoSubject
            | Self::SubjectTooLong
            | Self::SubjectMalformed
            | Self::NotATime { .. }
            | Self::MissingTime { .. } => "OpenID Connect Core 1.0, section 2",
            Self::WrongIssuer { .. } | Self::IssuerNotAllowed { .. } | Self::WrongDirectory | Self::WrongSigner => {
                "OpenID Connect Core 1.0, section 3.1.3.7, item 2"
            }
            Self::ShortSecret { .. } => "RFC 7518, section 3.2",
            Self::TooLongAgo { .. } => "OpenID Connect Core 1.0, section 3.1.3.7, item 13",
            Self::WrongAudience => "OpenID Connect Core 1.0, section 3.1.3.7, item 3",
            Self::WrongAuthorizedParty => "OpenID Connect Core 1.0, section 3.1.3.7, items 4 and 5",
            Self::Expired { .. } => "OpenID Connect Core 1.0, section 3.1.3.7, item 9",
            Self::NotYetValid { .. } => "RFC 7519, sections 4.1.5 and 4.1.6",
            Self::WrongNonce => "OpenID Connect Core 1.0, section 3.1.3.7, item 11",
            Self::WrongAccessTokenHash => "OpenID Connect Core 1.0, section 3.1.3.8",
        }
    }

    /// What to do about it.
    pub(crate) const fn advice(&self) -> &'static str {
        match self {
            Self::Malformed
            | Self::TooLong
            | Self::NoSubject
            | Self::SubjectTooLong
            | Self::SubjectMalformed
            | Self::MissingTime { .. }
            | Self::NotATime { .. } => "Ask the provider's operator: its ID tokens do not follow OpenID Connect.",
            Self::Encrypted => "Switch encryption of ID tokens off for this client at the provider.",
            Self::CriticalExtension => "Switch the extension off for this client at the provider.",
            Self::AlgorithmNotAllowed { .. } => {
                "Choose another signature algorithm for this client at the provider, fetch its discovery document again, or \
                 add this one to id_token_signing_algs: RS256 to RS512, PS256 to PS512, ES256, ES384, EdDSA, or HS256 to HS512 with the \
                 client secret."
            }
            Self::UnknownKey => "Check whether the provider publishes its current keys (jwks_uri).",
            Self::AmbiguousKey => "Let the provider name the key in its tokens (kid).",
            Self::WrongSignature => {
                "Check whether the provider's keys belong to this issuer; try again after a key change."
            }
            Self::WrongIssuer { .. } => {
                "Enter the issuer exactly as the provider writes it, a slash at the end included, and fetch its discovery \
                 document again."
            }
            Self::IssuerNotAllowed { .. } => {
                "If people of this directory tenant may sign in, add the issuer to allowed_issuers."
            }
            Self::WrongDirectory => "Ask the provider's operator: issuer and tid must name one directory tenant.",
            Self::WrongSigner => "Ask the provider's operator: the key's issuer must be that of the token.",
            Self::ShortSecret { .. } => {
                "Let the provider create a longer client secret, or sign ID tokens with a key pair."
            }
            Self::TooLongAgo { .. } => {
                "The person signs in at the provider again. If it happens to everybody, the provider ignores max_age."
            }
            Self::WrongAudience | Self::WrongAuthorizedParty => "Check the client ID here and at the provider.",
            Self::Expired { .. } | Self::NotYetValid { .. } => {
                "Compare the clocks of this server and of the provider; both should use NTP."
            }
            Self::WrongNonce => {
                "The person starts again. If it happens to everybody, the provider does not return the nonce."
            }
            Self::WrongAccessTokenHash => "Ask the provider's operator: its token response mixes two sign-ins.",
        }
    }
}
