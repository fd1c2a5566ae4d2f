//! The order of the work on groups.

use std::collections::HashSet;

use vestibule_app::domain::provider::LdapGroups;

use super::{
    super::{
        effects::GroupEffects,
        entries::{EntryReader, EntrySearches},
        error::RunError,
        held::HeldProvider,
        journal::Journal,
        limits::RunLimits,
    },
    mappings::apply_mappings,
    read::GroupIntake,
    resolve::{MemberResolution, load_users},
    seen::{ReadGroups, SeenGroup},
    store::{BATCH, GroupStore, log_read},
    stored::StoredGroups,
    warnings::{warn_of_cut_names, warn_of_directions, warn_of_members, warn_of_unknown_members},
};
use crate::{
    protocol::ldap::Directory,
    store::directories::{self, StoredGroup},
};

/// The settings that the work on groups depends on.
pub(crate) struct GroupSettings<'a> {
    pub(crate) groups: &'a LdapGroups,
    pub(crate) reader: &'a EntryReader,
    pub(crate) searches: &'a EntrySearches,
}

/// The groups of a run.
pub(crate) struct GroupSync<'a> {
    held: &'a HeldProvider,
    limits: &'a RunLimits,
    settings: GroupSettings<'a>,
    journal: &'a mut Journal,
    /// What the run did to users before.
    effects: &'a GroupEffects,
    store: GroupStore<'a>,
}

impl<'a> GroupSync<'a> {
    pub(crate) const fn new(
        held: &'a HeldProvider,
        limits: &'a RunLimits,
        settings: GroupSettings<'a>,
        journal: &'a mut Journal,
        effects: &'a GroupEffects,
    ) -> Self {
        Self { held, limits, settings, journal, effects, store: GroupStore::new(held, limits, effects) }
    }

    /// Reads all groups and stores what changed. Removes them when groups are no longer synchronised.
    pub(crate) async fn synchronise(self, directory: &mut Directory) -> Result<(), RunError> {
        let Self { held, limits, settings: GroupSettings { groups: settings, reader, searches }, .. } = self;
        if !settings.enabled {
            return self.remove_all().await;
        }
        let Self { journal, effects, store, .. } = self;
        let stored = StoredGroups::load(held, settings.member_format, effects).await?;
        let intake = GroupIntake::new(reader, settings, limits, &stored);
        let mut read = intake.read(directory, searches.groups()).await?;
        log_read(held, journal, &mut read).await?;
        let changed: Vec<&SeenGroup> = read.groups.iter().filter(|group| !group.is_unchanged).collect();
        journal.log.groups.unchanged += (read.groups.len() - changed.len()) as u64;
        warn_of_members(journal, settings, &read);
        warn_of_cut_names(journal, &read.groups);
        if !changed.is_empty() {
            let users = load_users(held, settings.member_format, effects).await?;
            warn_of_unknown_members(journal, settings, &read, &users);
            let is_nested = settings.follows_nested();
            let resolution = MemberResolution::new(limits, &stored, &read.members, &users, is_nested);
            // Resolved members are kept in memory for one batch at a time.
            for some in changed.chunks(BATCH) {
                let resolved = resolution.resolve(journal, some).await?;
                limits.check()?;
                store.store(journal, &resolved).await?;
            }
        }
        remove_missing(&store, journal, &read, &stored).await?;
        warn_of_directions(journal, &read.groups);
        apply_mappings(held).await
    }

    /// Groups that are no longer read would keep members of long ago.
    async fn remove_all(self) -> Result<(), RunError> {
        let Self { held, journal, store, .. } = self;
        let stored = {
            let mut read = held.read().await?;
            directories::list_groups(&mut read.conn(), held.provider()).await?
        };
        if stored.is_empty() {
            return Ok(());
        }
        store.remove(journal, &stored.iter().collect::<Vec<_>>()).await?;
        apply_mappings(held).await
    }
}

/// Removes groups that were not read, unless that may be a fault of the directory.
async fn remove_missing(
    store: &GroupStore<'_>,
    journal: &mut Journal,
    read: &ReadGroups,
    stored: &StoredGroups,
) -> Result<(), RunError> {
    let seen: HashSet<&str> = read.groups.iter().map(|group| group.external_id.as_str()).collect();
    let missing: Vec<&StoredGroup> = stored.iter().filter(|group| !seen.contains(group.external_id.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if read.groups.is_empty() {
        journal.warn("The directory answered no group at all, so none was removed.");
    } else if read.has_unidentified {
        journal.warn("Groups without an identifier were seen, so none was removed.");
    } else {
        store.remove(journal, &missing).await?;
    }
    Ok(())
}
