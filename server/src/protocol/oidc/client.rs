//! What a provider's settings say about this client: how it authenticates, and which signatures it accepts.

use jsonwebtoken::{Algorithm, DecodingKey};
use vestibule_app::domain::{
    provider::{ClientAuthentication, OidcConfig, SigningAlgorithm},
    secret::Secret,
};

use super::{exchange::Credentials, id_token::IdTokenFault};

/// How the client authenticates. A client without a secret only sends its identifier.
pub(super) fn credentials(config: &OidcConfig) -> Credentials<'_> {
    match (&config.client_secret, config.sign_in.token_endpoint_auth_method) {
        (Some(secret), ClientAuthentication::ClientSecretBasic) => Credentials::Basic(secret),
        (Some(secret), ClientAuthentication::ClientSecretPost) => Credentials::Post(secret),
        (None, _) | (_, ClientAuthentication::None) => Credentials::None,
    }
}

/// The algorithms that a provider may sign with: those of its settings, else of its discovery document, else the one that
/// every provider supports (OpenID Connect Discovery 1.0, section 3).
pub(super) fn algorithms(config: &OidcConfig) -> Vec<Algorithm> {
    let algorithms = match (&*config.sign_in.id_token_signing_algs, &*config.promised.signing_algs) {
        ([], []) => &[SigningAlgorithm::Rs256],
        ([], promised) => promised,
        (chosen, _) => chosen,
    };
    algorithms.iter().copied().map(algorithm).collect()
}

const fn algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Rs384 => Algorithm::RS384,
        SigningAlgorithm::Rs512 => Algorithm::RS512,
        SigningAlgorithm::Ps256 => Algorithm::PS256,
        SigningAlgorithm::Ps384 => Algorithm::PS384,
        SigningAlgorithm::Ps512 => Algorithm::PS512,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::Es384 => Algorithm::ES384,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Hs256 => Algorithm::HS256,
        SigningAlgorithm::Hs384 => Algorithm::HS384,
        SigningAlgorithm::Hs512 => Algorithm::HS512,
    }
}

/// Whether an algorithm signs with the client secret.
pub(super) const fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

/// The key of HMAC: the client secret (OpenID Connect Core 1.0, section 10.1), at least as long as the hash (RFC 7518,
/// section 3.2).
///
/// # Errors
///
/// There is no secret, or it is too short.
pub(super) fn secret_key(config: &OidcConfig, algorithm: Algorithm) -> Result<DecodingKey, IdTokenFault> {
    let bytes = match algorithm {
        Algorithm::HS256 => 32,
        Algorithm::HS384 => 48,
        _ => 64,
    };
    let secret = config.client_secret.as_ref().map(Secret::expose).unwrap_or_default();
    if secret.len() < bytes {
        return Err(IdTokenFault::ShortSecret { bytes });
    }
    Ok(DecodingKey::from_secret(secret.as_bytes()))
}
