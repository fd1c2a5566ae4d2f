//! Sealing all secrets again, for the command line.

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        audit::{AuditAction, AuditObject},
        id::ProviderId,
    },
    service::ServiceResult,
};

use super::{
    super::{
        audit::{AuditEntry, record},
        permission::require,
        providers::reseal,
        vault::Vault,
    },
    CHECK, CHECK_TEXT, PLACE,
};
use crate::{
    clock::Clock,
    store::{Conn, Store, StoreResult, providers as rows, settings},
};

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
