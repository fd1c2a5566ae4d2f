//! The keys of a running node. They are read again when a secret was sealed with a newer key.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use tokio::time::Instant;

use super::vault::{Vault, VaultError, key_of};

/// Reads the keys again from their source.
pub(crate) type ReadKeys = Box<dyn Fn() -> Option<Vault> + Send + Sync>;

/// The shortest time between two readings for texts that anybody can send.
const PAUSE: Duration = Duration::from_secs(5);

/// The vault in use. `vestibule key rotate` puts a new key into the file while this node runs.
pub(crate) struct Keys {
    current: RwLock<Arc<Vault>>,
    read_again: Option<ReadKeys>,
    /// When the keys were last read for a text that anybody can send.
    read_at: Mutex<Option<Instant>>,
}

impl Keys {
    pub(crate) fn new(vault: Vault, read_again: Option<ReadKeys>) -> Self {
        Self { current: RwLock::new(Arc::new(vault)), read_again, read_at: Mutex::default() }
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

    /// Runs `work` on a text that anybody can send: for unknown keys, the keys are read again at most once in five seconds.
    pub(crate) fn open_untrusted<T>(
        &self,
        mut work: impl FnMut(&Vault) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        match work(&self.vault()) {
            Err(VaultError::UnknownKey(id)) if self.may_read() && self.learns(&id) => work(&self.vault()),
            other => other,
        }
    }

    fn may_read(&self) -> bool {
        let mut read_at = self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        let may_read = read_at.is_none_or(|at| at.elapsed() >= PAUSE);
        if may_read {
            *read_at = Some(Instant::now());
        }
        may_read
    }

    /// Whether this node has the key that sealed a text. It does not check whether the text was altered.
    pub(crate) fn can_open(&self, sealed: &str) -> bool {
        key_of(sealed).is_some_and(|id| self.vault().knows(id) || self.learns(id))
    }

    /// Reads the keys again and uses them. Returns whether the missing one is among them: for a text that anybody can send
    /// it may not be, and the next reading for such texts is some seconds away.
    fn learns(&self, id: &str) -> bool {
        let Some(vault) = self.read_again.as_ref().and_then(|read| read()) else { return false };
        let knows = vault.knows(id);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Of two readings at once, the one from before a rotation may end last.
        if !knows && !vault.knows(current.active_key()) {
            return false;
        }
        if vault.active_key() != current.active_key() {
            tracing::info!(key = %vault.active_key(), "the keys were rotated; using the new one");
        }
        *current = Arc::new(vault);
        knows
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::core::vault::SecretLocation;

    const PLACE: SecretLocation<'_> = SecretLocation { table: "t", row: "1", column: "c" };

    fn vault() -> Vault {
        Vault::parse(Vault::generate().expose()).expect("a vault")
    }

    #[test]
    fn texts_with_unknown_keys_read_the_keys_once_in_a_while() {
        let sealed = vault().seal(PLACE, "x").expect("a sealed text");
        let reads = Arc::new(AtomicUsize::new(0));
        let counted = reads.clone();
        let read_again: ReadKeys = Box::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            None
        });
        let keys = Keys::new(vault(), Some(read_again));
        for _ in 0..10 {
            assert!(keys.open_untrusted(|vault| vault.open(PLACE, &sealed)).is_err());
        }
        assert_eq!(reads.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn keys_that_were_read_for_an_unknown_one_are_used() {
        let unknown = vault().seal(PLACE, "x").expect("a sealed text");
        let (old, new) = (Vault::generate(), Vault::generate());
        let text = format!("{}\n{}", new.expose(), old.expose());
        let rotated = move || Vault::parse(&text).expect("a vault");
        let sealed = rotated().seal(PLACE, "y").expect("a sealed text");
        let keys = Keys::new(Vault::parse(old.expose()).expect("a vault"), Some(Box::new(move || Some(rotated()))));
        assert!(keys.open_untrusted(|vault| vault.open(PLACE, &unknown)).is_err());
        let opened = keys.open_untrusted(|vault| vault.open(PLACE, &sealed)).expect("a text");
        assert_eq!(opened.expose(), "y", "within the pause");
    }
}
