//! What the groups of a run need, and the order of the work.

use std::collections::{HashMap, HashSet};

use vestibule_app::domain::provider::MemberFormat;

use super::{
    super::{context::RunContext, effects::GroupEffects, error::RunError, journal::Journal},
    seen::{ReadGroups, SeenGroup},
};
use crate::{
    protocol::ldap::Directory,
    store::{
        StoreResult,
        directories::{self, StoredGroup},
        syncs as rows,
    },
};

/// How many groups share a transaction.
pub(super) const BATCH: usize = 100;

/// The groups of a run.
pub(crate) struct GroupSync<'a> {
    pub(super) context: &'a RunContext,
    pub(super) journal: &'a mut Journal,
    /// What the run did to users before.
    pub(super) effects: &'a GroupEffects,
}

/// What the database has.
pub(super) struct StoredGroups {
    pub(super) by_id: HashMap<String, StoredGroup>,
    /// Whether a user came, went or moved since the members were resolved.
    pub(super) are_members_stale: bool,
}

impl<'a> GroupSync<'a> {
    pub(crate) const fn new(context: &'a RunContext, journal: &'a mut Journal, effects: &'a GroupEffects) -> Self {
        Self { context, journal, effects }
    }

    /// Reads all groups and stores what changed. Removes them when groups are no longer synchronised.
    pub(crate) async fn synchronise(mut self, directory: &mut Directory) -> Result<(), RunError> {
        if !self.context.groups.enabled {
            return self.remove_all().await;
        }
        let stored = self.load_stored().await?;
        let read = self.read_groups(directory, &stored).await?;
        let changed: Vec<&SeenGroup> = read.groups.iter().filter(|group| !group.is_unchanged).collect();
        self.journal.log.groups.unchanged += (read.groups.len() - changed.len()) as u64;
        self.warn_of_members(&read);
        self.warn_of_cut_names(&read.groups);
        if !changed.is_empty() {
            let users = self.load_members().await?;
            self.warn_of_unknown_members(&read, &users);
            // Resolved members are kept in memory for one batch at a time.
            for some in changed.chunks(BATCH) {
                let resolved = self.resolve_members(some, &read.members, &stored, &users).await?;
                self.context.limits.check()?;
                self.store_groups(&resolved).await?;
            }
        }
        self.remove_missing(&read, &stored).await?;
        self.warn_of_directions(&read.groups);
        self.apply_mappings().await
    }

    /// Whether groups in groups count.
    pub(super) fn is_nested(&self) -> bool {
        let groups = &self.context.groups;
        groups.nested && groups.member_format == MemberFormat::Dn
    }

    async fn load_stored(&self) -> StoreResult<StoredGroups> {
        let (store, provider) = (&self.context.store, self.context.provider);
        let mut connection = store.read_long().await?;
        let conn = &mut connection.conn();
        let groups = directories::list_groups(conn, provider).await?;
        // A member's user name may be that of a user whom another directory has renamed.
        let are_members_stale = self.context.groups.member_format == MemberFormat::Username
            || self.effects.changes_members()
            || rows::are_members_stale(conn, provider).await?;
        let by_id = groups.into_iter().map(|group| (group.external_id.clone(), group)).collect();
        Ok(StoredGroups { by_id, are_members_stale })
    }

    /// Removes groups that were not read, unless that may be a fault of the directory.
    async fn remove_missing(&mut self, read: &ReadGroups, stored: &StoredGroups) -> Result<(), RunError> {
        let seen: HashSet<&str> = read.groups.iter().map(|group| group.external_id.as_str()).collect();
        let missing: Vec<_> =
            stored.by_id.values().filter(|group| !seen.contains(group.external_id.as_str())).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if read.groups.is_empty() {
            self.journal.warn("The directory answered no group at all, so none was removed.");
        } else if read.has_unidentified {
            self.journal.warn("Groups without an identifier were seen, so none was removed.");
        } else {
            self.remove_groups(&missing).await?;
        }
        Ok(())
    }

    /// Groups that are no longer read would keep members of long ago.
    async fn remove_all(&mut self) -> Result<(), RunError> {
        let stored = {
            let mut read = self.context.store.read_long().await?;
            directories::list_groups(&mut read.conn(), self.context.provider).await?
        };
        if stored.is_empty() {
            return Ok(());
        }
        self.remove_groups(&stored.iter().collect::<Vec<_>>()).await?;
        self.apply_mappings().await
    }
}
