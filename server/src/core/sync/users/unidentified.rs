//! Logging entries that cannot be identified.

use vestibule_app::domain::sync::{EntryAction, EntryObject};

use super::{
    super::{
        error::RunError,
        held::HeldProvider,
        journal::{log_entry, refused},
    },
    intake::UnidentifiedEntry,
    record::UserRecord,
};
use crate::{
    core::error_chain,
    store::{StoreResult, directories},
};

/// Logs an entry without an identifier, or with the identifier of another one, which is named.
pub(super) async fn log_unidentified(
    held: &HeldProvider,
    record: &mut UserRecord<'_>,
    entry: UnidentifiedEntry,
) -> Result<(), RunError> {
    let UnidentifiedEntry { dn, shared_id, fault } = entry;
    let mut message = fault.message;
    if let Some(id) = &shared_id {
        match find_dn(held, id).await {
            Ok(Some(other)) => message = format!("{message} The other one is {other}."),
            Ok(None) => {}
            // The entry is logged all the same, without the other one.
            Err(error) => {
                tracing::debug!(error = %error_chain(&error), "could not look up an entry with the same identifier");
            }
        }
    }
    let mut draft = record.draft();
    draft.log.users.seen += 1;
    draft.log.users.failed += 1;
    let logged = log_entry(EntryObject::User, EntryAction::Failed, &shared_id.unwrap_or_default(), &dn, None);
    draft.add(refused(logged, fault.code, message));
    Ok(record.save(held, draft).await?)
}

async fn find_dn(held: &HeldProvider, external_id: &str) -> StoreResult<Option<String>> {
    let mut read = held.read().await?;
    directories::find_dn(&mut read.conn(), held.provider(), external_id).await
}
