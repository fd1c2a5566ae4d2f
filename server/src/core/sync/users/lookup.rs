//! What the database has of a batch of entries: their links, and the users who have the names they want.

use std::collections::HashMap;

use vestibule_app::domain::{
    id::UserId,
    sync::{Collisions, Decision, Holder, HolderStatus, LinkState, Linked, Policy, Seen, UserLabel, decide},
    user::Profile,
};

use super::{
    super::{context::RunContext, entries::SeenUser, error::RunError},
    coverage::Coverage,
    names::{NameIndex, NameTable},
};
use crate::store::{
    Conn, StoreResult,
    directories::{self, HolderLink, KnownLink, NameHolder, StoredLink},
};

/// Links by the identifiers of their entries.
pub(super) type KnownLinks = HashMap<String, KnownLink>;

#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) context: &'a RunContext,
    pub(super) coverage: &'a Coverage,
    pub(super) planned_names: &'a NameTable,
}

impl<'a> Lookup<'a> {
    /// Links and names for decisions that write nothing.
    pub(super) async fn read(&self, entries: &[SeenUser]) -> Result<(KnownLinks, NameIndex<'a>), RunError> {
        let mut read = self.context.store.read_long().await?;
        let conn = &mut read.conn();
        // PostgreSQL keeps plans, and those for batches are made for looking up by index.
        directories::prefer_indexes(conn).await?;
        let known = self.links(conn, entries).await?;
        let names = self.names(conn, entries, &known).await?;
        Ok((known, names))
    }

    pub(super) async fn links(&self, conn: &mut Conn<'_>, batch: &[SeenUser]) -> StoreResult<KnownLinks> {
        let ids: Vec<&str> = batch.iter().map(|entry| entry.external_id.as_str()).collect();
        let known = directories::find_known(conn, self.context.provider, &ids).await?;
        Ok(known.into_iter().map(|link| (link.external_id.clone(), link)).collect())
    }

    /// The links that change, with their users, who are locked until the transaction ends.
    pub(super) async fn lock_changing(
        &self,
        conn: &mut Conn<'_>,
        batch: &[SeenUser],
        known: &KnownLinks,
    ) -> StoreResult<HashMap<String, StoredLink>> {
        let changing: Vec<&str> = batch
            .iter()
            .filter(|entry| known.get(&entry.external_id).is_some_and(|link| !is_unchanged(entry, link)))
            .map(|entry| entry.external_id.as_str())
            .collect();
        let links = directories::lock_links(conn, self.context.provider, &changing).await?;
        Ok(links.into_iter().map(|link| (link.external_id.clone(), link)).collect())
    }

    /// Who has the names that the entries want. Entries that keep theirs are not looked up.
    pub(super) async fn names(
        &self,
        conn: &mut Conn<'_>,
        batch: &[SeenUser],
        known: &KnownLinks,
    ) -> StoreResult<NameIndex<'a>> {
        let mut stored = NameTable::default();
        let wanted = batch.iter().filter(|entry| {
            !entry.is_disabled && known.get(&entry.external_id).is_none_or(|link| link.content != entry.content)
        });
        let profiles: Vec<&Profile> = wanted.filter_map(|entry| entry.profile.as_ref().ok()).collect();
        if !profiles.is_empty() {
            let RunContext { tenant, provider, .. } = self.context;
            let usernames: Vec<String> = profiles.iter().map(|profile| profile.folded_username()).collect();
            let emails: Vec<String> = profiles.iter().filter_map(|profile| profile.folded_email()).collect();
            for holder in directories::find_holders(conn, *tenant, *provider, &usernames, &emails).await? {
                let NameHolder { user, username, folded_username, folded_email, link } = holder;
                let holder = Holder { user, status: self.status(link.as_ref()) };
                let shown = UserLabel { username, dn: link.map(|link| link.dn) };
                stored.insert(holder, folded_username, folded_email, shown);
            }
        }
        Ok(NameIndex::new(stored, self.planned_names))
    }

    /// Whether an entry may take over the user that a link stands for.
    fn status(&self, link: Option<&HolderLink>) -> HolderStatus {
        match link {
            Some(link) if !link.is_vanished => {
                self.coverage.status(self.context.policy.missing_users, &link.external_id)
            }
            _ => HolderStatus::Free,
        }
    }

    /// Decides what happens to an entry, and returns the users who have its names.
    pub(super) fn decide(
        &self,
        entry: &SeenUser,
        link: Option<&KnownLink>,
        names: &NameIndex<'_>,
    ) -> (Decision<UserId>, Collisions<UserId>) {
        let content = match &entry.profile {
            Ok(_) => Ok(entry.content.as_str()),
            Err(fault) => Err(fault.code),
        };
        let collisions = match &entry.profile {
            // An entry that keeps its name cannot collide.
            Ok(profile) if link.is_none_or(|link| link.content != entry.content) => {
                names.collisions(profile, link.map(|link| link.user))
            }
            Ok(_) | Err(_) => Collisions::none(),
        };
        let linked = link.map(|link| Linked {
            state: link.state,
            content: link.content.clone(),
            is_active: link.is_active,
            is_deactivated_here: link.is_deactivated_here,
        });
        let sync = &self.context.policy;
        let policy = Policy {
            creates: self.context.creates_users,
            reactivate: sync.reactivate,
            link_existing: sync.link_existing,
        };
        let seen = Seen { content, is_disabled: entry.is_disabled };
        (decide(&seen, linked.as_ref(), &collisions, policy), collisions)
    }
}

/// Whether nothing of an entry has to be written.
fn is_unchanged(entry: &SeenUser, link: &KnownLink) -> bool {
    !entry.is_disabled && link.content == entry.content && link.state == LinkState::Present && link.is_active
}
