//! The keys of a running node. They are read again when a secret was sealed with a newer key.

use std::sync::{Arc, PoisonError, RwLock};

use super::vault::{Vault, VaultError, key_of};

/// Reads the keys again from their source.
pub(crate) type ReadKeys = Box<dyn Fn() -> Option<Vault> + Send + Sync>;

/// The vault in use. `vestibule key rotate` puts a new key into the file while this node runs.
pub(crate) struct Keys {
    current: RwLock<Arc<Vault>>,
    read_again: Option<ReadKeys>,
}

impl Keys {
    pub(crate) fn new(vault: Vault, read_again: Option<ReadKeys>) -> Self {
        Self { current: RwLock::new(Arc::new(vault)), read_again }
    }

    /// The vault with the current keys.
    pub(crate) fn vault(&self) -> Arc<Vault> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `work`; when a key is unknown, reads the keys again and repeats it once.
    pub(crate) fn open<T>(&self, mut work: impl FnMut(&Vault) -> Result<T, VaultError>) -> Result<T, VaultError> {
        match work(&self.vault()) {
            Err(VaultError::UnknownKey(id)) if self.learns(&id) => work(&self.vault()),
            other => other,
        }
    }

    /// Whether this node has the key that sealed a text. It does not check whether the text was altered.
    pub(crate) fn can_open(&self, sealed: &str) -> bool {
        key_of(sealed).is_some_and(|id| self.vault().knows(id) || self.learns(id))
    }

    /// Reads the keys again, and uses them if they hold the missing one.
    fn learns(&self, id: &str) -> bool {
        let Some(vault) = self.read_again.as_ref().and_then(|read| read()).filter(|vault| vault.knows(id)) else {
            return false;
        };
        tracing::info!(key = %id, "the keys were rotated; using the new one");
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(vault);
        true
    }
}
