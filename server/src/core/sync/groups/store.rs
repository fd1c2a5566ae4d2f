//! Storing groups with their members, and removing them.

use std::collections::HashSet;

use vestibule_app::domain::{
    id::{DirectoryGroupId, UserId},
    sync::{EntryAction, EntryCode, EntryObject, SyncEntry},
};

use super::{
    super::{
        effects::GroupEffects,
        error::RunError,
        held::HeldProvider,
        journal::{Journal, LogDraft, log_entry, refused, remarked},
        limits::RunLimits,
    },
    resolve::{GroupChange, ResolvedGroup},
    seen::{GroupFault, ReadGroups},
};
use crate::{
    core::error_chain,
    store::{
        Conn, StoreResult,
        directories::{self, StoredGroup},
    },
};

/// How many groups share a transaction.
pub(super) const BATCH: usize = 100;

/// Members that join and leave the groups of a batch, which share statements.
#[derive(Default)]
struct MemberChanges {
    joining: Vec<(DirectoryGroupId, UserId)>,
    leaving: Vec<(DirectoryGroupId, UserId)>,
}

pub(super) struct GroupStore<'a> {
    held: &'a HeldProvider,
    limits: &'a RunLimits,
    /// What the run did to users before.
    effects: &'a GroupEffects,
}

impl<'a> GroupStore<'a> {
    pub(super) const fn new(held: &'a HeldProvider, limits: &'a RunLimits, effects: &'a GroupEffects) -> Self {
        Self { held, limits, effects }
    }

    /// Stores a batch. When the database refuses it, its groups are stored one by one, so that only the bad one fails.
    pub(super) async fn store(&self, journal: &mut Journal, groups: &[ResolvedGroup]) -> Result<(), RunError> {
        if groups.is_empty() {
            return Ok(());
        }
        match self.try_store(journal, groups).await {
            Err(RunError::Store(error)) if !error.is_unavailable() => {
                tracing::debug!(error = %error_chain(&error), "groups of a synchronisation are repeated one by one");
            }
            done => return done,
        }
        for resolved in groups {
            match self.try_store(journal, std::slice::from_ref(resolved)).await {
                Err(RunError::Store(error)) if !error.is_unavailable() => {
                    let mut draft = journal.draft();
                    draft.log.groups.failed += 1;
                    let logged = group_entry(&resolved.group, EntryAction::Failed);
                    let message = "The database refused the group. The server's log says why.";
                    draft.add(refused(logged, EntryCode::NotStored, message));
                    tracing::warn!(error = %error_chain(&error), "a group could not be stored");
                    self.held.save(journal, draft).await?;
                }
                done => done?,
            }
        }
        Ok(())
    }

    async fn try_store(&self, journal: &mut Journal, groups: &[ResolvedGroup]) -> Result<(), RunError> {
        let held = self.held;
        let now = held.now();
        let mut draft = journal.draft();
        let mut changes = MemberChanges::default();
        let mut tx = held.begin().await?;
        let conn = &mut tx.conn();
        for resolved in groups {
            if held.writes() {
                directories::put_group(conn, held.provider(), &resolved.group, now).await?;
            }
            if resolved.change == GroupChange::EntryOnly {
                draft.log.groups.unchanged += 1;
            } else {
                self.compare_members(conn, resolved, &mut changes, &mut draft).await?;
            }
        }
        if held.writes() {
            directories::add_members(conn, &changes.joining).await?;
            directories::remove_members(conn, &changes.leaving).await?;
        }
        draft.write(conn).await?;
        tx.commit().await?;
        journal.adopt(draft);
        Ok(())
    }

    /// Adds and logs the changes of one group's members.
    async fn compare_members(
        &self,
        conn: &mut Conn<'_>,
        resolved: &ResolvedGroup,
        changes: &mut MemberChanges,
        draft: &mut LogDraft,
    ) -> StoreResult<()> {
        let ResolvedGroup { group, members, change, remarks } = resolved;
        let MemberChanges { joining, leaving } = changes;
        let is_new = *change == GroupChange::New;
        let before: HashSet<UserId> = if is_new {
            HashSet::new()
        } else {
            directories::list_members(conn, group.id).await?.into_iter().collect()
        };
        let after: HashSet<UserId> = members.iter().copied().collect();
        let counts = (joining.len(), leaving.len());
        joining.extend(members.iter().filter(|user| !before.contains(user)).map(|user| (group.id, *user)));
        leaving.extend(before.iter().filter(|user| !after.contains(user)).map(|user| (group.id, *user)));
        let added = (joining.len() - counts.0) as u64;
        let removed = (leaving.len() - counts.1) as u64 + self.effects.deleted_members(group.id);
        draft.log.memberships.added += added;
        draft.log.memberships.removed += removed;
        let action = if is_new {
            draft.log.groups.created += 1;
            EntryAction::Created
        } else {
            draft.log.groups.updated += 1;
            EntryAction::Updated
        };
        let mut logged = group_entry(group, action);
        if added + removed > 0 {
            logged.changed_fields.push("members".to_owned());
        }
        if let Some((code, _)) = remarks.last() {
            let sentences: Vec<&str> = remarks.iter().map(|(_, remark)| remark.as_str()).collect();
            logged = remarked(logged, *code, sentences.join(" "));
        }
        draft.add(logged);
        Ok(())
    }

    pub(super) async fn remove(&self, journal: &mut Journal, groups: &[&StoredGroup]) -> Result<(), RunError> {
        for some in groups.chunks(BATCH) {
            self.limits.check()?;
            self.remove_batch(journal, some).await?;
        }
        Ok(())
    }

    async fn remove_batch(&self, journal: &mut Journal, groups: &[&StoredGroup]) -> Result<(), RunError> {
        let held = self.held;
        let mut draft = journal.draft();
        let mut tx = held.begin().await?;
        let conn = &mut tx.conn();
        for group in groups {
            draft.log.groups.removed += 1;
            draft.log.memberships.removed += directories::list_members(conn, group.id).await?.len() as u64;
            draft.log.memberships.removed += self.effects.deleted_members(group.id);
            draft.add(group_entry(group, EntryAction::Deleted));
            if held.writes() {
                directories::delete_group(conn, group.id).await?;
            }
        }
        draft.write(conn).await?;
        tx.commit().await?;
        journal.adopt(draft);
        Ok(())
    }
}

/// Logs the groups that were read, and those that cannot be used.
pub(super) async fn log_read(
    held: &HeldProvider,
    journal: &mut Journal,
    read: &mut ReadGroups,
) -> Result<(), RunError> {
    let faults = std::mem::take(&mut read.faults);
    let mut draft = journal.draft();
    draft.log.groups.seen += read.groups.len() as u64 + faults.len() as u64;
    for GroupFault { external_id, dn, fault } in faults {
        draft.log.groups.failed += 1;
        let logged = log_entry(EntryObject::Group, EntryAction::Failed, &external_id, &dn, None);
        draft.add(refused(logged, fault.code, fault.message));
    }
    Ok(held.save(journal, draft).await?)
}

fn group_entry(group: &StoredGroup, action: EntryAction) -> SyncEntry {
    log_entry(EntryObject::Group, action, &group.external_id, &group.dn, Some(&group.name))
}
