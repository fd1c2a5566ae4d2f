//! Randomness, hashing of random values, and new identifiers.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::fill,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use vestibule_app::domain::secret::Secret;

pub(crate) fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0_u8; LENGTH];
    fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// 256 bits of randomness behind a prefix, in URL-safe base64.
pub(crate) fn new_secret(prefix: &str) -> Secret {
    Secret::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random_bytes::<32>())))
}

/// A short random name that people can read out: ten letters and digits without those that look alike.
pub(crate) fn reference() -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    random_bytes::<10>().into_iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// SHA-256 in hexadecimal. Enough for values of 256 random bits; passwords go through Argon2id.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

/// Draws the first random number of the process. It takes some 50 ms, since the library measures the jitter of the
/// clock for it; the first sign-in is spared the wait.
pub(crate) fn warm_up() {
    fraction();
}

/// A random number from 0 to 255, to spread work out over time.
pub(crate) fn fraction() -> u8 {
    let [byte] = random_bytes();
    byte
}

/// A new identifier: version 7, so that identifiers grow with time.
pub(crate) fn new_uuid() -> Uuid {
    Uuid::now_v7()
}
