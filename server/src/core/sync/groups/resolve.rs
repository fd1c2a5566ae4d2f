//! Resolving the members of groups to users.

use std::collections::{BTreeSet, HashMap, HashSet};

use vestibule_app::domain::{
    id::{DirectoryGroupId, UserId},
    provider::MemberFormat,
    sync::{EntryCode, resolve},
};

use super::{
    super::{
        effects::{GroupEffects, member_key},
        entries::{HASH_LENGTH, content_hash},
        error::RunError,
        held::HeldProvider,
        journal::Journal,
        limits::RunLimits,
    },
    seen::SeenGroup,
    stored::StoredGroups,
};
use crate::{
    core::new_uuid,
    store::{
        StoreResult,
        directories::{self, MemberKey, StoredGroup},
    },
};

/// A group with the users who are its members.
pub(super) struct ResolvedGroup {
    pub(super) group: StoredGroup,
    pub(super) members: Vec<UserId>,
    pub(super) change: GroupChange,
    pub(super) remarks: Vec<(EntryCode, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupChange {
    New,
    /// Its name, place or members changed.
    Changed,
    /// Only the entry changed, so that nothing but its hash is stored.
    EntryOnly,
}

/// The users that the directory has, by member key. In a dry run, those that it would have then.
pub(super) async fn load_users(
    held: &HeldProvider,
    format: MemberFormat,
    effects: &GroupEffects,
) -> StoreResult<HashMap<u128, UserId>> {
    let mut users = HashMap::new();
    let mut read = held.read().await?;
    let add = |row: MemberKey| {
        if !effects.replaces(&row.external_id) {
            users.insert(member_key(format, &row.dn, &row.username_folded), UserId(row.user_id));
        }
    };
    directories::for_each_member(&mut read.conn(), held.provider(), add).await?;
    users.extend(effects.planned_users());
    Ok(users)
}

/// Resolves members by what groups list.
pub(super) struct MemberResolution<'a> {
    limits: &'a RunLimits,
    stored: &'a StoredGroups,
    /// What each group lists.
    listed: &'a HashMap<u128, Vec<u128>>,
    users: &'a HashMap<u128, UserId>,
    /// Whether groups in groups count.
    is_nested: bool,
}

impl<'a> MemberResolution<'a> {
    pub(super) const fn new(
        limits: &'a RunLimits,
        stored: &'a StoredGroups,
        listed: &'a HashMap<u128, Vec<u128>>,
        users: &'a HashMap<u128, UserId>,
        is_nested: bool,
    ) -> Self {
        Self { limits, stored, listed, users, is_nested }
    }

    /// Returns those of the groups that are new or changed, with their members. Counts the others as unchanged.
    pub(super) async fn resolve(
        &self,
        journal: &mut Journal,
        groups: &[&SeenGroup],
    ) -> Result<Vec<ResolvedGroup>, RunError> {
        let Self { limits, stored, listed, users, is_nested } = *self;
        let mut changed = Vec::new();
        for (done, group) in groups.iter().enumerate() {
            if done % 8 == 0 {
                limits.check()?;
                // Resolving groups that contain many others takes a while.
                tokio::task::yield_now().await;
            }
            let keys: HashSet<u128> = if is_nested {
                resolve(group.key, listed)
            } else {
                listed.get(&group.key).into_iter().flatten().copied().collect()
            };
            let members: BTreeSet<UserId> = keys.iter().filter_map(|key| users.get(key)).copied().collect();
            let content = content(group, &members);
            let before = stored.get(&group.external_id);
            let change = match before {
                None => GroupChange::New,
                Some(before) if before.content == content => {
                    journal.log.groups.unchanged += 1;
                    continue;
                }
                Some(before) if members_hash(&before.content) == members_hash(&content) => GroupChange::EntryOnly,
                Some(_) => GroupChange::Changed,
            };
            let id = before.map_or_else(|| DirectoryGroupId(new_uuid()), |before| before.id);
            let SeenGroup { external_id, dn, name, remarks, .. } = group;
            let (external_id, dn, name, remarks) = (external_id.clone(), dn.clone(), name.clone(), remarks.clone());
            changed.push(ResolvedGroup {
                group: StoredGroup { id, external_id, dn, name, content },
                members: members.into_iter().collect(),
                change,
                remarks,
            });
        }
        Ok(changed)
    }
}

/// What is stored to recognise a group: the hash of its entry, and the hash of its name, place and members.
fn content(group: &SeenGroup, members: &BTreeSet<UserId>) -> String {
    let mut text = format!("{}\n{}\n", group.name, group.dn);
    for member in members {
        text.push_str(&member.0.simple().to_string());
    }
    format!("{}{}", group.entry_hash, content_hash(&text))
}

/// The second hash of a content.
fn members_hash(content: &str) -> &str {
    content.get(HASH_LENGTH..).unwrap_or_default()
}
