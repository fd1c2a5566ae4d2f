//! Detects a node with the wrong key by a sealed check value, and seals all secrets again after a rotation.

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        audit::{AuditAction, AuditObject},
        id::ProviderId,
    },
    service::ServiceResult,
};

use super::{
    audit::{AuditEntry, record},
    permission::require,
    providers::reseal,
    vault::{SecretLocation, Vault, VaultError},
};
use crate::{
    clock::Clock,
    store::{Conn, Store, StoreError, StoreResult, providers as rows, settings},
};

const CHECK: &str = "key_check";
const PLACE: SecretLocation<'_> = SecretLocation { table: "vestibule_settings", row: CHECK, column: "value" };
const CHECK_TEXT: &str = "vestibule";
/// How many secrets are sealed again in one transaction.
const BATCH: u32 = 200;

/// Whether the database holds anything that was sealed.
#[tracing::instrument(level = "debug", skip_all, name = "core.key.is_sealed")]
pub(crate) async fn is_sealed(store: &Store) -> StoreResult<bool> {
    let mut read = store.read().await?;
    match settings::get(&mut read.conn(), CHECK).await {
        Ok(value) => Ok(value.is_some()),
        // Not migrated yet, so nothing is sealed.
        Err(error) if error.is_missing_table() => Ok(false),
        Err(error) => Err(error),
    }
}

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

/// Seals every secret again with the active key of `vault`, which must still know the keys they were sealed with.
/// Returns how many there were. It can be repeated after an interruption.
#[tracing::instrument(level = "debug", skip_all, name = "core.key.reseal_all")]
pub(crate) async fn reseal_all(actor: &Actor, store: &Store, clock: &dyn Clock, vault: &Vault) -> ServiceResult<u64> {
    require(actor, Permission::RevealSecrets, Owner::Platform, "key")?;
    let mut count = 0;
    let mut after = ProviderId(uuid::Uuid::nil());
    loop {
        let mut tx = store.begin_long().await?;
        let conn = &mut tx.conn();
        let batch = rows::list_sealed(conn, after, BATCH).await?;
        let Some((last, _)) = batch.last() else { break };
        after = *last;
        for (id, sealed) in &batch {
            count += u64::from(reseal_one(conn, vault, *id, sealed).await?);
        }
        tx.commit().await?;
    }
    let mut tx = store.begin().await?;
    let conn = &mut tx.conn();
    settings::set(conn, CHECK, &vault.seal(PLACE, CHECK_TEXT)?).await?;
    let entry = AuditEntry {
        action: AuditAction::KeyRotated,
        object: AuditObject::Key,
        id: vault.active_key().to_owned(),
        name: "sealing key",
        tenant: None,
        changes: Vec::new(),
    };
    record(conn, actor, clock.now(), entry).await?;
    tx.commit().await?;
    Ok(count)
}

async fn reseal_one(conn: &mut Conn<'_>, vault: &Vault, id: ProviderId, sealed: &str) -> ServiceResult<bool> {
    if vault.is_current(sealed) {
        return Ok(false);
    }
    let resealed = reseal(vault, id, sealed)
        .inspect_err(|_| tracing::error!(provider = %id, "the secret of this provider does not open"))?;
    Ok(rows::reseal(conn, id, sealed, &resealed).await?)
}
