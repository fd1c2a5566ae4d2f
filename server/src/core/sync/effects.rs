//! What a run's changes to users mean for groups, which are read after the users.

use std::collections::{HashMap, HashSet};

use vestibule_app::domain::{
    id::{DirectoryGroupId, UserId},
    ldap::fold_dn,
    provider::MemberFormat,
};

use super::entries::fingerprint;

#[derive(Default)]
pub(super) struct GroupEffects {
    /// In a dry run, the users that it would have written: the member key and the user, by the fingerprint of the
    /// entry's identifier.
    planned: HashMap<u128, (u128, UserId)>,
    /// Fingerprints of the identifiers of entries that no longer stand for a user, or would not after a dry run.
    detached: HashSet<u128>,
    /// How many members groups lost because their users were deleted.
    deleted_members: HashMap<DirectoryGroupId, u64>,
}

impl GroupEffects {
    pub(super) fn plan(&mut self, external_id: &str, member_key: u128, user: UserId) {
        self.planned.insert(fingerprint(external_id), (member_key, user));
    }

    pub(super) fn detach(&mut self, external_id: &str) {
        self.detached.insert(fingerprint(external_id));
    }

    pub(super) fn count_deleted_members(&mut self, group: DirectoryGroupId, count: u64) {
        *self.deleted_members.entry(group).or_default() += count;
    }

    pub(super) fn merge(&mut self, other: Self) {
        let Self { planned, detached, deleted_members } = other;
        self.planned.extend(planned);
        self.detached.extend(detached);
        deleted_members.into_iter().for_each(|(group, count)| self.count_deleted_members(group, count));
    }

    pub(super) fn is_detached(&self, fingerprint: u128) -> bool {
        self.detached.contains(&fingerprint)
    }

    /// Whether members have to be resolved again because of these changes.
    pub(super) fn changes_members(&self) -> bool {
        !self.planned.is_empty() || !self.detached.is_empty()
    }

    /// Whether what the database has of an entry no longer holds.
    pub(super) fn replaces(&self, external_id: &str) -> bool {
        self.changes_members() && {
            let id = fingerprint(external_id);
            self.planned.contains_key(&id) || self.detached.contains(&id)
        }
    }

    /// The planned users with their member keys.
    pub(super) fn planned_users(&self) -> impl Iterator<Item = (u128, UserId)> {
        self.planned.values().copied()
    }

    pub(super) fn deleted_members(&self, group: DirectoryGroupId) -> u64 {
        self.deleted_members.get(&group).copied().unwrap_or_default()
    }
}

/// A fingerprint of the value by which groups list a user.
pub(super) fn member_key(format: MemberFormat, dn: &str, folded_username: &str) -> u128 {
    match format {
        MemberFormat::Dn => fingerprint(&fold_dn(dn)),
        MemberFormat::Username => fingerprint(folded_username),
    }
}
