//! Detects a node with the wrong key by a sealed check value, and seals all secrets again after a rotation.

#[cfg(feature = "cli")]
mod rotation;

#[cfg(feature = "cli")]
pub(crate) use self::rotation::{is_sealed, reseal_all};
use super::vault::{SecretLocation, Vault, VaultError};
use crate::store::{Store, StoreError, settings};

const CHECK: &str = "key_check";
const PLACE: SecretLocation<'_> = SecretLocation { table: "vestibule_settings", row: CHECK, column: "value" };
const CHECK_TEXT: &str = "vestibule";
/// Why the keys of a node do not fit its database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    /// The database holds secrets that were sealed with another key.
    #[error("the database was sealed with another key than {active}")]
    WrongKey {
        /// Names the key of this node.
        active: String,
    },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Seals the check value at the first start, and checks at later ones that this node's keys open it.
#[tracing::instrument(level = "debug", skip_all, name = "core.key.check")]
pub(crate) async fn check(store: &Store, vault: &Vault) -> Result<(), KeyError> {
    let stored = {
        let mut read = store.read().await?;
        settings::get(&mut read.conn(), CHECK).await?
    };
    let stored = match stored {
        Some(stored) => stored,
        None => {
            let mut tx = store.begin().await?;
            let sealed = vault.seal(PLACE, CHECK_TEXT)?;
            let stored = settings::set_if_absent(&mut tx.conn(), CHECK, &sealed).await?;
            tx.commit().await?;
            stored
        }
    };
    match vault.open(PLACE, &stored) {
        Ok(_) => Ok(()),
        Err(_) => Err(KeyError::WrongKey { active: vault.active_key().to_owned() }),
    }
}
