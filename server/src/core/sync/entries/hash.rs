//! Hashes of entries.

use aws_lc_rs::digest::{Context, SHA256, digest};

/// The length of a hash as text.
pub(crate) const HASH_LENGTH: usize = 32;

/// 128 bits of SHA-256: enough to distinguish entries, and small enough to remember all of them.
pub(crate) fn fingerprint(text: &str) -> u128 {
    let hash = digest(&SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    u128::from_be_bytes(bytes)
}

/// A fingerprint as text, for storing.
pub(crate) fn content_hash(text: &str) -> String {
    format!("{:032x}", fingerprint(text))
}

/// Such a hash of several values in order.
pub(crate) struct Digest(Context);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(crate) fn add(&mut self, value: &[u8]) {
        // With the length, so that it matters where one value ends and the next begins.
        self.0.update(&(value.len() as u64).to_be_bytes());
        self.0.update(value);
    }

    pub(crate) fn text(self) -> String {
        hex::encode(&self.0.finish().as_ref()[..16])
    }
}
