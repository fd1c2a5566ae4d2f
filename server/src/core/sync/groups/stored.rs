//! The groups that the database has when a run begins.

use std::collections::HashMap;

use vestibule_app::domain::provider::MemberFormat;

use super::super::{effects::GroupEffects, held::HeldProvider};
use crate::store::{
    StoreResult,
    directories::{self, StoredGroup},
    syncs as rows,
};

pub(super) struct StoredGroups {
    by_id: HashMap<String, StoredGroup>,
    are_members_stale: bool,
}

impl StoredGroups {
    pub(super) async fn load(
        held: &HeldProvider,
        member_format: MemberFormat,
        effects: &GroupEffects,
    ) -> StoreResult<Self> {
        let mut read = held.read().await?;
        let conn = &mut read.conn();
        let groups = directories::list_groups(conn, held.provider()).await?;
        // A member's user name may be that of a user whom another directory has renamed.
        let are_members_stale = member_format == MemberFormat::Username
            || effects.changes_members()
            || rows::are_members_stale(conn, held.provider()).await?;
        let by_id = groups.into_iter().map(|group| (group.external_id.clone(), group)).collect();
        Ok(Self { by_id, are_members_stale })
    }

    pub(super) fn get(&self, external_id: &str) -> Option<&StoredGroup> {
        self.by_id.get(external_id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &StoredGroup> {
        self.by_id.values()
    }

    pub(super) fn count(&self) -> usize {
        self.by_id.len()
    }

    /// Whether a user came, went or moved since the members were resolved.
    pub(super) const fn are_members_stale(&self) -> bool {
        self.are_members_stale
    }
}
