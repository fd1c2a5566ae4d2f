//! Seals secrets with AES-256-GCM before they reach the database.
//!
//! A sealed text is `v1.<key id>.<nonce and ciphertext in base64>`. The additional data names table, row and column, so
//! that a sealed value does not open in another row. A vault may have several keys: the first seals, all of them open.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    digest::{SHA256, digest},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_app::domain::secret::Secret;

/// Why a value was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    /// The text is not 32 bytes in base64.
    #[error("key {position} is not 32 bytes in base64")]
    MalformedKey {
        /// Counted from 1.
        position: usize,
    },
    /// There is no key at all.
    #[error("no key was given")]
    NoKey,
    /// A sealed text was sealed under a key that is not known here.
    #[error("sealed under key {0}, which this node does not have")]
    UnknownKey(String),
    /// A sealed text does not open: it was altered, or belongs to another row.
    #[error("a sealed value does not open")]
    Tampered,
    /// Sealing failed.
    #[error("sealing failed")]
    Sealing,
}

struct SealingKey {
    /// The first eight hexadecimal digits of the key's SHA-256, which identify the key without revealing it.
    id: String,
    key: RandomizedNonceKey,
}

impl SealingKey {
    fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let id = hex::encode(&digest(&SHA256, bytes).as_ref()[..4]);
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| VaultError::MalformedKey { position: 1 })?;
        Ok(Self { id, key })
    }
}

/// Seals and opens secrets.
pub(crate) struct Vault {
    /// The first one seals.
    keys: Vec<SealingKey>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

/// Where a sealed value belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecretLocation<'a> {
    /// The table.
    pub table: &'static str,
    /// The row's identifier.
    pub row: &'a str,
    /// The column.
    pub column: &'static str,
}

impl SecretLocation<'_> {
    fn aad(&self) -> Aad<Vec<u8>> {
        Aad::from(format!("{}\0{}\0{}", self.table, self.row, self.column).into_bytes())
    }
}

impl Vault {
    /// Reads keys from a text: 32 bytes in base64 each, separated by line breaks or commas; `#` begins a comment.
    ///
    /// # Errors
    /// When there is none, or one is malformed. The message never repeats the text.
    pub(crate) fn parse(text: &str) -> Result<Self, VaultError> {
        let lines = text.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys = lines.enumerate().map(|(index, line)| {
            let malformed = VaultError::MalformedKey { position: index + 1 };
            match STANDARD.decode(line) {
                Ok(bytes) if bytes.len() == 32 => SealingKey::from_bytes(&bytes),
                _ => Err(malformed),
            }
        });
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(VaultError::NoKey) } else { Ok(Self { keys }) }
    }

    /// Makes a key, as the text that [`Vault::parse`] reads.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn generate() -> Secret {
        Secret::new(STANDARD.encode(super::random::random_bytes::<32>()))
    }

    /// Names the key that seals.
    pub(crate) fn active_key(&self) -> &str {
        &self.keys[0].id
    }

    /// Whether a key is among those known.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id == id)
    }

    /// Seals a text for its location.
    ///
    /// # Errors
    /// When the library fails, which no input of this crate causes.
    pub(crate) fn seal(&self, location: SecretLocation<'_>, text: &str) -> Result<String, VaultError> {
        let SealingKey { id, key } = &self.keys[0];
        let mut buffer = text.as_bytes().to_vec();
        let nonce = key.seal_in_place_append_tag(location.aad(), &mut buffer).map_err(|_| VaultError::Sealing)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut buffer);
        Ok(format!("v1.{id}.{}", STANDARD.encode(sealed)))
    }

    /// Opens a sealed text at its location.
    ///
    /// # Errors
    /// When the key is not known, or the text was altered or belongs elsewhere.
    pub(crate) fn open(&self, location: SecretLocation<'_>, sealed: &str) -> Result<Secret, VaultError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some("v1"), Some(id), Some(payload)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VaultError::Tampered);
        };
        let key = self.keys.iter().find(|key| key.id == id).ok_or_else(|| VaultError::UnknownKey(id.to_owned()))?;
        let bytes = STANDARD.decode(payload).map_err(|_| VaultError::Tampered)?;
        let (nonce, ciphertext) = bytes.split_at_checked(12).ok_or(VaultError::Tampered)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Tampered)?;
        let mut buffer = ciphertext.to_vec();
        let opened = key.key.open_in_place(nonce, location.aad(), &mut buffer).map_err(|_| VaultError::Tampered)?;
        std::str::from_utf8(opened).map(Secret::new).map_err(|_| VaultError::Tampered)
    }

    /// Whether a sealed text was sealed under the key that seals now.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn is_current(&self, sealed: &str) -> bool {
        key_of(sealed) == Some(self.active_key())
    }
}

/// The id of the key that sealed a text; `None` when the text is not sealed.
pub(crate) fn key_of(sealed: &str) -> Option<&str> {
    let mut parts = sealed.splitn(3, '.');
    (parts.next() == Some("v1")).then(|| parts.next()).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    const PLACE: SecretLocation<'_> = SecretLocation { table: "t", row: "1", column: "c" };

    #[test]
    fn what_is_sealed_opens_at_its_place_alone() {
        let vault = Vault::parse(Vault::generate().expose()).unwrap();
        let sealed = vault.seal(PLACE, "hunter2").unwrap();
        assert!(!sealed.contains("hunter2"));
        assert_eq!(vault.open(PLACE, &sealed).unwrap().expose(), "hunter2");
        assert!(matches!(vault.open(SecretLocation { row: "2", ..PLACE }, &sealed), Err(VaultError::Tampered)));
    }

    #[test]
    fn an_old_key_opens_and_a_new_one_seals() {
        let (old, new) = (Vault::generate(), Vault::generate());
        let sealed = Vault::parse(old.expose()).unwrap().seal(PLACE, "x").unwrap();
        let both = Vault::parse(&format!("# newest first\n{}\n{}\n", new.expose(), old.expose())).unwrap();
        assert_eq!(both.open(PLACE, &sealed).unwrap().expose(), "x");
        assert!(!both.is_current(&sealed));
        assert!(matches!(Vault::parse(new.expose()).unwrap().open(PLACE, &sealed), Err(VaultError::UnknownKey(_))));
    }

    #[test]
    fn a_malformed_key_is_named_by_position_and_not_repeated() {
        let error = Vault::parse("hunter2").unwrap_err().to_string();
        assert!(error.contains("key 1") && !error.contains("hunter2"), "{error}");
        assert!(matches!(Vault::parse(" \n# none\n"), Err(VaultError::NoKey)));
    }
}
