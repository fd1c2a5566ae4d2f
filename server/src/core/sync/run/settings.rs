//! The settings of a run but for those of the connection, without secrets. Each part of the run gets those that it uses.

use std::sync::Arc;

use vestibule_app::domain::{
    provider::{DeltaStrategy, IdentityProvider, LdapConfig, LdapGroups, SyncPolicy},
    sync::{SyncOptions, effective_strategy},
};

use super::super::{
    entries::{EntryReader, EntrySearches},
    groups::GroupSettings,
    users::UserSettings,
};

pub(super) struct RunSettings {
    pub(super) options: SyncOptions,
    /// What is done with users, and when the schedule runs.
    pub(super) policy: SyncPolicy,
    /// How a delta run finds changes, where the directory's product decides too.
    pub(super) strategy: DeltaStrategy,
    pub(super) searches: EntrySearches,
    creates_users: bool,
    groups: LdapGroups,
    reader: Arc<EntryReader>,
}

impl RunSettings {
    pub(super) fn new(provider: &IdentityProvider, config: &LdapConfig, options: SyncOptions) -> Self {
        let reader = EntryReader::new(provider, config);
        Self {
            options,
            policy: config.sync.clone(),
            strategy: effective_strategy(config.sync.delta_strategy, config.vendor),
            searches: EntrySearches::new(provider, config, &reader),
            creates_users: provider.provisioning.auto_create_users,
            groups: config.groups.clone(),
            reader: Arc::new(reader),
        }
    }

    pub(super) fn of_users(&self) -> UserSettings<'_> {
        UserSettings {
            creates: self.creates_users,
            policy: &self.policy,
            listed_by: self.groups.enabled.then_some(self.groups.member_format),
            confirmed_vanished: self.options.confirmed_vanished,
            reader: &self.reader,
            searches: &self.searches,
        }
    }

    pub(super) fn of_groups(&self) -> GroupSettings<'_> {
        GroupSettings { groups: &self.groups, reader: &self.reader, searches: &self.searches }
    }
}
