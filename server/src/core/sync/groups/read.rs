//! Reading all groups.

use vestibule_app::domain::{
    provider::LdapGroups,
    sync::{EntryCode, Fault},
};

use super::{
    super::{
        entries::{EntryReader, HASH_LENGTH},
        error::RunError,
        limits::{RunLimits, YIELD_EVERY},
    },
    seen::{GroupFault, ReadGroups, SeenGroup, count_members, member_keys},
    stored::StoredGroups,
};
use crate::{
    protocol::ldap::{Directory, Entry, Query},
    store::directories::StoredGroup,
};

/// Reads groups as the settings say, and compares them with the stored ones.
pub(super) struct GroupIntake<'a> {
    reader: &'a EntryReader,
    settings: &'a LdapGroups,
    limits: &'a RunLimits,
    stored: &'a StoredGroups,
}

impl<'a> GroupIntake<'a> {
    pub(super) const fn new(
        reader: &'a EntryReader,
        settings: &'a LdapGroups,
        limits: &'a RunLimits,
        stored: &'a StoredGroups,
    ) -> Self {
        Self { reader, settings, limits, stored }
    }

    pub(super) async fn read(&self, directory: &mut Directory, query: Query) -> Result<ReadGroups, RunError> {
        let Self { settings, limits, stored, .. } = *self;
        let mut read = ReadGroups::default();
        let mut entries = limits.wait(directory.search(query)).await?;
        let mut count = 0;
        while let Some(entry) = limits.wait(entries.next()).await? {
            count += 1;
            limits.check_count(count)?;
            if self.add(&mut read, entry).await && count % YIELD_EVERY == 0 {
                tokio::task::yield_now().await;
            }
        }
        // Any group may contain one that changed, or one that is gone.
        let is_changed = |group: &SeenGroup| !group.is_unchanged;
        if settings.follows_nested() && (stored.count() != read.groups.len() || read.groups.iter().any(is_changed)) {
            read.groups.iter_mut().for_each(|group| group.is_unchanged = false);
        }
        Ok(read)
    }

    /// Adds a group, or the reason why it cannot be used. Returns whether it was added.
    async fn add(&self, read: &mut ReadGroups, entry: Entry) -> bool {
        let Self { reader, settings, stored, .. } = *self;
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
        let before = stored.get(&group.external_id);
        group.is_unchanged =
            !stored.are_members_stale() && before.is_some_and(|before| entry_hash(before) == group.entry_hash);
        if !group.is_unchanged || settings.follows_nested() {
            read.members.insert(group.key, member_keys(&entry, settings).await);
        }
        read.groups.push(group);
        true
    }
}

/// The hash of the entry, which is the first part of what is stored.
fn entry_hash(stored: &StoredGroup) -> &str {
    stored.content.get(..HASH_LENGTH).unwrap_or_default()
}
