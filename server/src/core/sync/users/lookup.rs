//! What the database has of a batch of entries: their links, and the users who have the names they want.

use std::collections::HashMap;

use vestibule_app::domain::{
    id::UserId,
    provider::MissingUsers,
    sync::{
        Collisions, Decision, EntryCode, Holder, HolderStatus, LinkState, Linked, Policy, Seen, UserLabel, advise,
        decide, explain_taken,
    },
    user::Profile,
};

use super::{
    super::{entries::SeenUser, error::RunError, held::HeldProvider},
    coverage::Coverage,
    log::explain,
    names::{NameIndex, NameTable},
};
use crate::store::{
    Conn, StoreResult,
    directories::{self, HolderLink, KnownLink, NameHolder, StoredLink},
};

/// Links by the identifiers of their entries.
pub(super) type KnownLinks = HashMap<String, KnownLink>;

/// The settings that decide what happens to an entry.
#[derive(Clone, Copy)]
pub(super) struct EntryRules {
    pub(super) policy: Policy,
    pub(super) missing_users: MissingUsers,
}

#[derive(Clone, Copy)]
pub(super) struct Lookup<'a> {
    held: &'a HeldProvider,
    rules: EntryRules,
    coverage: &'a Coverage,
    planned_names: &'a NameTable,
}

impl<'a> Lookup<'a> {
    pub(super) const fn new(
        held: &'a HeldProvider,
        rules: EntryRules,
        coverage: &'a Coverage,
        planned_names: &'a NameTable,
    ) -> Self {
        Self { held, rules, coverage, planned_names }
    }

    /// Links and names for decisions that write nothing.
    pub(super) async fn read(&self, entries: &[SeenUser]) -> Result<(KnownLinks, NameIndex<'a>), RunError> {
        let mut read = self.held.read().await?;
        let conn = &mut read.conn();
        // PostgreSQL keeps plans, and those for batches are made for looking up by index.
        directories::prefer_indexes(conn).await?;
        let known = self.links(conn, entries).await?;
        let names = self.names(conn, entries, &known).await?;
        Ok((known, names))
    }

    pub(super) async fn links(&self, conn: &mut Conn<'_>, batch: &[SeenUser]) -> StoreResult<KnownLinks> {
        let ids: Vec<&str> = batch.iter().map(|entry| entry.external_id.as_str()).collect();
        let known = directories::find_known(conn, self.held.provider(), &ids).await?;
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
        let links = directories::lock_links(conn, self.held.provider(), &changing).await?;
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
            let (tenant, provider) = (self.held.tenant(), self.held.provider());
            let usernames: Vec<String> = profiles.iter().map(|profile| profile.folded_username()).collect();
            let emails: Vec<String> = profiles.iter().filter_map(|profile| profile.folded_email()).collect();
            for holder in directories::find_holders(conn, tenant, provider, &usernames, &emails).await? {
                let NameHolder { user, username, folded_username, folded_email, link, signs_in } = holder;
                let holder = Holder { user, status: self.status(link.as_ref(), signs_in) };
                let shown = UserLabel { username, dn: link.map(|link| link.dn) };
                stored.insert(holder, folded_username, folded_email, shown);
            }
        }
        Ok(NameIndex::new(stored, self.planned_names))
    }

    /// Whether an entry may take over the user that a link stands for.
    fn status(&self, link: Option<&HolderLink>, signs_in: bool) -> HolderStatus {
        let status = match link {
            Some(link) if !link.is_vanished => self.coverage.status(self.rules.missing_users, &link.external_id),
            _ => HolderStatus::Free,
        };
        // Anybody may have signed in with the name or the address of a colleague before the directory has the entry.
        if signs_in && status == HolderStatus::Free { HolderStatus::SignsIn } else { status }
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
        let seen = Seen { content, is_disabled: entry.is_disabled };
        (decide(&seen, linked.as_ref(), &collisions, self.rules.policy), collisions)
    }

    /// Names the user who has what an entry wants, and says what helps.
    pub(super) fn explain_taken(
        &self,
        code: EntryCode,
        profile: &Profile,
        collisions: &Collisions<UserId>,
        is_known: bool,
        names: &NameIndex<'_>,
    ) -> String {
        let (holder, wanted) = match code {
            EntryCode::EmailTaken => (collisions.email, profile.email.as_deref().unwrap_or_default()),
            _ => (collisions.username, profile.username.as_str()),
        };
        let Some(other) = holder.and_then(|holder| names.user(holder.user)) else { return explain(code).to_owned() };
        let advice = advise(collisions, is_known, self.rules.policy.link_existing, self.coverage.is_complete());
        explain_taken(code, wanted, other, advice)
    }
}

/// Whether nothing of an entry has to be written.
fn is_unchanged(entry: &SeenUser, link: &KnownLink) -> bool {
    !entry.is_disabled && link.content == entry.content && link.state == LinkState::Present && link.is_active
}
