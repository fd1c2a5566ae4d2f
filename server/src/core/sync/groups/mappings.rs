//! Filling the groups of the users' tenant as group mappings say.

use std::collections::{BTreeSet, HashMap};

use vestibule_app::domain::{
    group::GroupMapping,
    id::{DirectoryGroupId, GroupId},
    ldap::fold_dn,
};

use super::super::{error::RunError, held::HeldProvider};
use crate::store::{
    directories::{self, StoredGroup},
    group_mappings, syncs as rows,
};

/// Makes the groups of the tenant contain the members of the directory's groups that are mapped to them.
pub(super) async fn apply_mappings(held: &HeldProvider) -> Result<(), RunError> {
    let (tenant, provider) = (held.tenant(), held.provider());
    if !held.writes() {
        return Ok(());
    }
    let mut tx = held.begin().await?;
    let conn = &mut tx.conn();
    let mappings = group_mappings::list(conn, tenant, provider).await?;
    let groups = directories::list_groups(conn, provider).await?;
    let index = GroupIndex::new(if mappings.is_empty() { &[] } else { &groups });
    let pairs: Vec<(DirectoryGroupId, GroupId)> = mappings
        .iter()
        .filter_map(|mapping| Some((mapping, mapping.internal_group_id.parse::<GroupId>().ok()?)))
        .flat_map(|(mapping, to)| index.find(mapping).into_iter().map(move |from| (from, to)))
        .collect();
    directories::apply_mappings(conn, provider, tenant, &pairs).await?;
    // All members are resolved by now.
    rows::set_members_stale(conn, provider, false).await?;
    tx.commit().await?;
    Ok(())
}

/// Groups by a text, which several may share.
type GroupsByText = HashMap<String, Vec<DirectoryGroupId>>;

/// The groups that a mapping may name, by each way of naming them.
struct GroupIndex {
    by_name: GroupsByText,
    by_id: GroupsByText,
    by_dn: GroupsByText,
}

impl GroupIndex {
    fn new(groups: &[StoredGroup]) -> Self {
        let index = |text: fn(&StoredGroup) -> String| {
            let mut index = GroupsByText::new();
            groups.iter().for_each(|group| index.entry(text(group)).or_default().push(group.id));
            index
        };
        Self {
            by_name: index(|group| group.name.clone()),
            by_id: index(|group| group.external_id.to_ascii_lowercase()),
            by_dn: index(|group| fold_dn(&group.dn)),
        }
    }

    fn find(&self, mapping: &GroupMapping) -> BTreeSet<DirectoryGroupId> {
        let text = mapping.external_group_id.trim();
        let by_dn = if text.contains('=') { self.by_dn.get(&fold_dn(text)) } else { None };
        let found = [self.by_name.get(text), self.by_id.get(&text.to_ascii_lowercase()), by_dn];
        found.into_iter().flatten().flatten().copied().collect()
    }
}
