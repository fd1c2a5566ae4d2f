//! What verifies the response of a provider, between the request and the callback.

use aws_lc_rs::rand::fill;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// What the browser carries, sealed, between the request and the callback.
#[derive(Serialize, Deserialize)]
pub(super) struct Carried {
    pub(super) nonce: String,
    /// The verifier of PKCE.
    pub(super) verifier: Option<String>,
    /// The `max_age` that was requested.
    #[serde(default)]
    pub(super) max_age: Option<u32>,
}

impl Carried {
    pub(super) fn new(uses_pkce: bool, max_age: Option<u32>) -> Self {
        Self { nonce: random(), verifier: uses_pkce.then(random), max_age }
    }
}

/// 256 random bits in URL-safe base64.
fn random() -> String {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes).expect("the operating system gives randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
