//! Randomness, hashing of random values, and new identifiers.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::fill,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use vestibule_app::domain::secret::Secret;

/// So many random bytes.
pub(crate) fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0_u8; LENGTH];
    fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// 256 bits of randomness behind a prefix, in URL-safe base64.
pub(crate) fn new_secret(prefix: &str) -> Secret {
    Secret::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random_bytes::<32>())))
}

/// SHA-256 in hexadecimal. Enough for values of 256 random bits; passwords go through Argon2id.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

/// Collects what randomness is made of. The first random number of a process takes some fifty milliseconds, since the
/// library then measures the jitter of the clock; this spares the first sign-in the wait.
pub(crate) fn awaken() {
    fraction();
}

/// A random number from 0 to 255, for spreading things out in time.
pub(crate) fn fraction() -> u8 {
    let [byte] = random_bytes();
    byte
}

/// A new identifier: version 7, so that identifiers grow with time.
pub(crate) fn new_uuid() -> Uuid {
    Uuid::now_v7()
}
