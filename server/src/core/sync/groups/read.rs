//! Reading all groups.

use vestibule_app::domain::sync::{EntryAction, EntryCode, EntryObject, Fault};

use super::{
    super::{
        context::RunContext,
        entries::HASH_LENGTH,
        error::RunError,
        journal::{log_entry, refused},
        limits::YIELD_EVERY,
    },
    seen::{GroupFault, ReadGroups, SeenGroup, count_members, member_keys},
    sync::{GroupSync, StoredGroups},
};
use crate::{
    protocol::ldap::{Directory, Entry},
    store::directories::StoredGroup,
};

impl GroupSync<'_> {
    pub(super) async fn read_groups(
        &mut self,
        directory: &mut Directory,
        stored: &StoredGroups,
    ) -> Result<ReadGroups, RunError> {
        let RunContext { limits, searches, .. } = self.context;
        let mut read = ReadGroups::default();
        let mut entries = limits.wait(directory.search(searches.groups())).await?;
        let mut count = 0;
        while let Some(entry) = limits.wait(entries.next()).await? {
            count += 1;
            limits.check_count(count)?;
            if self.add_group(&mut read, entry, stored).await && count % YIELD_EVERY == 0 {
                tokio::task::yield_now().await;
            }
        }
        // Any group may contain one that changed, or one that is gone.
        let is_changed = |group: &SeenGroup| !group.is_unchanged;
        if self.is_nested() && (stored.by_id.len() != read.groups.len() || read.groups.iter().any(is_changed)) {
            read.groups.iter_mut().for_each(|group| group.is_unchanged = false);
        }
        self.log_faults(&mut read).await?;
        Ok(read)
    }

    /// Adds a group, or the reason why it cannot be used. Returns whether it was added.
    async fn add_group(&self, read: &mut ReadGroups, entry: Entry, stored: &StoredGroups) -> bool {
        let RunContext { groups: settings, reader, .. } = self.context;
        let mut group = match SeenGroup::read(&entry, reader, settings) {
            Ok(group) => group,
            Err(fault) => {
                // A group without a name still exists, and must not be removed.
                read.has_unidentified = true;
                read.faults.push(GroupFault { external_id: String::new(), dn: entry.dn, fault });
                return false;
            }
        };
        if let Some(first) = read.places.get(&group.external_id).and_then(|place| read.groups.get(*place)) {
            let message = format!(
                "The group {} has the same {}, {}, which must identify a single group. Choose an attribute that no two \
                 entries share as “Permanent identifier” (external_id_attribute).",
                first.dn,
                reader.identifying_attribute(),
                group.external_id
            );
            let fault = Fault::new(EntryCode::DuplicateExternalId, message);
            read.faults.push(GroupFault { external_id: group.external_id, dn: entry.dn, fault });
            return false;
        }
        read.places.insert(group.external_id.clone(), read.groups.len());
        let counts = count_members(&entry, settings);
        read.counts.add(counts);
        let remark = counts.explain(&settings.member_attribute, settings.member_format);
        if let Some(remark) = remark.filter(|_| counts.unread > 0) {
            group.remarks.push((EntryCode::MembersNotRead, remark));
        }
        let before = stored.by_id.get(&group.external_id);
        group.is_unchanged =
            !stored.are_members_stale && before.is_some_and(|before| entry_hash(before) == group.entry_hash);
        if !group.is_unchanged || self.is_nested() {
            read.members.insert(group.key, member_keys(&entry, settings).await);
        }
        read.groups.push(group);
        true
    }

    async fn log_faults(&mut self, read: &mut ReadGroups) -> Result<(), RunError> {
        let faults = std::mem::take(&mut read.faults);
        let mut draft = self.journal.draft();
        draft.log.groups.seen += read.groups.len() as u64 + faults.len() as u64;
        for GroupFault { external_id, dn, fault } in faults {
            draft.log.groups.failed += 1;
            let logged = log_entry(EntryObject::Group, EntryAction::Failed, &external_id, &dn, None);
            draft.add(refused(logged, fault.code, fault.message));
        }
        Ok(self.journal.save(&self.context.store, draft).await?)
    }
}

/// The hash of the entry, which is the first part of what is stored.
fn entry_hash(stored: &StoredGroup) -> &str {
    stored.content.get(..HASH_LENGTH).unwrap_or_default()
}
