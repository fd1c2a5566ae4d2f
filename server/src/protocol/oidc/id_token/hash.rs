//! The left half of a token's hash (OpenID Connect Core 1.0, section 3.1.3.6).

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;

/// The left half of the hash that belongs to a signature algorithm, in URL-safe base64.
pub(super) fn left_half(algorithm: Algorithm, token: &str) -> String {
    let hash = match algorithm {
        Algorithm::HS256 | Algorithm::RS256 | Algorithm::PS256 | Algorithm::ES256 => &SHA256,
        Algorithm::HS384 | Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => &SHA384,
        // Ed25519 hashes with SHA-512.
        _ => &SHA512,
    };
    let hashed = digest(hash, token.as_bytes());
    let (left, _) = hashed.as_ref().split_at(hashed.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of OpenID Connect Core 1.0, appendix A.3.
    #[test]
    fn the_example_of_the_specification() {
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(left_half(Algorithm::RS256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
