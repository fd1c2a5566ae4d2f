//! Carrying out what was decided about the entries of a batch, in its transaction.
//!
//! A dry run takes the same path; `HeldProvider::writes` guards each write.

use std::collections::{BTreeSet, HashSet};

use vestibule_app::domain::{
    id::UserId,
    provider::{LinkExisting, MemberFormat, Reactivate},
    sync::{Decision, EntryAction, EntryCode, LinkState},
    timestamp::Timestamp,
    user::{Profile, User},
};

use super::{
    super::{
        effects::{GroupEffects, member_key},
        entries::{SeenUser, stored_dn},
        held::HeldProvider,
        journal::{LogDraft, refused},
    },
    log::{changed_fields, explain, taken_over, used, user_entry},
    lookup::KnownLinks,
    names::{NameIndex, NameTable},
};
use crate::{
    core::new_uuid,
    store::{
        Conn, Lock, StoreResult,
        directories::{self, NewLink, StoredLink},
        sign_in::sessions,
        syncs as rows,
        users::{self, NewUser},
    },
};

/// An entry and what was decided about it.
pub(super) struct Change<'a> {
    pub(super) entry: &'a SeenUser,
    pub(super) link: Option<StoredLink>,
    pub(super) decision: Decision<UserId>,
    /// The message when another user has its name.
    pub(super) taken: Option<String>,
}

/// The settings that decide what is written of an entry.
#[derive(Clone, Copy)]
pub(super) struct WriteRules {
    pub(super) link_existing: LinkExisting,
    pub(super) reactivate: Reactivate,
    /// Whether emails of the directory count as verified.
    pub(super) trust_email: bool,
    /// How groups list users, where groups are read.
    pub(super) listed_by: Option<MemberFormat>,
}

pub(super) struct UserWriter<'a> {
    held: &'a HeldProvider,
    rules: WriteRules,
    now: Timestamp,
    names: NameIndex<'a>,
    draft: LogDraft,
    /// New rows, which are inserted together at the end.
    new_users: Vec<NewUser>,
    new_links: Vec<NewLink>,
    effects: GroupEffects,
    /// Whether groups would list a user otherwise than before.
    changes_members: bool,
}

pub(super) struct Written {
    pub(super) draft: LogDraft,
    pub(super) names: NameTable,
    pub(super) effects: GroupEffects,
}

impl<'a> UserWriter<'a> {
    pub(super) fn new(
        held: &'a HeldProvider,
        rules: WriteRules,
        now: Timestamp,
        names: NameIndex<'a>,
        draft: LogDraft,
    ) -> Self {
        Self {
            held,
            rules,
            now,
            names,
            draft,
            new_users: Vec::new(),
            new_links: Vec::new(),
            effects: GroupEffects::default(),
            changes_members: false,
        }
    }

    pub(super) const fn names(&self) -> &NameIndex<'a> {
        &self.names
    }

    /// Lets the users of a settled batch release their names, so that they can take each other's.
    pub(super) async fn release_names(
        &mut self,
        conn: &mut Conn<'_>,
        batch: &[SeenUser],
        known: &KnownLinks,
    ) -> StoreResult<()> {
        let link_existing = self.rules.link_existing;
        let profiles = || batch.iter().filter_map(|entry| Some((entry, entry.profile.as_ref().ok()?)));
        let own: HashSet<UserId> = known.values().map(|link| link.user).collect();
        let taken_over: HashSet<UserId> = profiles()
            .filter(|(entry, _)| !known.contains_key(&entry.external_id))
            .filter_map(|(_, profile)| self.names.taken_over(link_existing, profile))
            .collect();
        for (_, profile) in profiles() {
            self.names.release(profile, |user| own.contains(&user), LinkExisting::None);
            self.names.release(profile, |user| taken_over.contains(&user), link_existing);
        }
        if self.held.writes() {
            let all: BTreeSet<UserId> = own.union(&taken_over).copied().collect();
            let all: Vec<UserId> = all.into_iter().collect();
            users::release_names(conn, &all).await?;
        }
        Ok(())
    }

    /// Carries out one decision.
    pub(super) async fn apply(&mut self, conn: &mut Conn<'_>, change: Change<'_>) -> StoreResult<()> {
        let Change { entry, link, decision, taken } = change;
        let users = &mut self.draft.log.users;
        users.seen += 1;
        match (decision, link, &entry.profile) {
            (Decision::Create, _, Ok(profile)) => self.create(entry, profile),
            (Decision::Link(id), _, Ok(profile)) => self.link(conn, entry, profile, id).await?,
            (Decision::Update, Some(link), Ok(profile)) => {
                users.updated += 1;
                self.update(conn, entry, profile, link, EntryAction::Updated).await?;
            }
            (Decision::Reactivate, Some(link), Ok(profile)) => {
                users.reactivated += 1;
                self.update(conn, entry, profile, link, EntryAction::Reactivated).await?;
            }
            (Decision::Disable, Some(link), _) => self.disable(conn, entry, &link).await?,
            (Decision::Unchanged, ..) => users.unchanged += 1,
            // Counted and not logged: a directory may have as many of them as it ever had users.
            (Decision::SkipDisabled, ..) => users.skipped += 1,
            (Decision::Skip(code) | Decision::Fail(code), ..) => self.refuse(entry, code, taken),
            // A decision that does not fit the entry: an unknown one cannot be updated, and a faulty one not be linked.
            (
                Decision::Create | Decision::Link(_) | Decision::Update | Decision::Reactivate | Decision::Disable,
                ..,
            ) => {
                users.failed += 1;
                let logged = user_entry(entry, EntryAction::Failed);
                self.draft.add(refused(logged, EntryCode::NotStored, explain(EntryCode::NotStored)));
            }
        }
        Ok(())
    }

    /// Inserts the new rows and stores the log.
    pub(super) async fn finish(self, conn: &mut Conn<'_>) -> StoreResult<Written> {
        let Self { held, rules: _, now, names, draft, new_users, new_links, effects, changes_members } = self;
        if held.writes() {
            let provider = held.provider();
            users::insert(conn, held.tenant(), provider, &new_users, now).await?;
            directories::insert_links(conn, provider, &new_links, now).await?;
            if changes_members {
                rows::set_members_stale(conn, provider, true).await?;
            }
        }
        draft.write(conn).await?;
        Ok(Written { draft, names: names.into_changes(), effects })
    }

    fn create(&mut self, entry: &SeenUser, profile: &Profile) {
        self.draft.log.users.created += 1;
        let user = NewUser {
            id: UserId(new_uuid()),
            profile: profile.clone(),
            email_verified: self.is_email_verified(profile),
        };
        self.names.rename(user.id, None, profile, &entry.dn);
        self.note_member(entry, user.id, &profile.folded_username());
        self.add_link(entry, user.id);
        self.new_users.push(user);
        self.draft.add(used(user_entry(entry, EntryAction::Created), entry));
    }

    /// Links an unknown entry to a user that exists already.
    async fn link(&mut self, conn: &mut Conn<'_>, entry: &SeenUser, profile: &Profile, id: UserId) -> StoreResult<()> {
        self.draft.log.users.updated += 1;
        // Absent only in a dry run, where the user may be planned and not stored.
        let found = users::find(conn, id, Lock::Exclusive).await?;
        let before = found.as_ref().map(|user| user.profile.clone()).unwrap_or_default();
        let mut logged = user_entry(entry, EntryAction::Updated);
        logged.changed_fields = before.changed_fields(profile);
        logged.changed_fields.push("link".to_owned());
        let former_dn = self.names.user(id).and_then(|other| other.dn.clone());
        self.names.rename(id, Some(&before), profile, &entry.dn);
        self.note_member(entry, id, &profile.folded_username());
        // The new entry replaces the former one of an account that was deleted and created again.
        if former_dn.is_some()
            && let Some(former) = self.remove_former_link(conn, id).await?
        {
            self.effects.detach(&former);
        }
        if let (true, Some(mut user)) = (self.held.writes(), found) {
            self.fill(&mut user, profile);
            // The same rule as for users who are seen again.
            if self.may_reactivate(&user) {
                reactivate(&mut user);
            }
            users::update_synchronised(conn, &user).await?;
            self.add_link(entry, id);
        }
        self.draft.add(match former_dn {
            Some(dn) => taken_over(logged, entry, &dn),
            None => used(logged, entry),
        });
        Ok(())
    }

    async fn update(
        &mut self,
        conn: &mut Conn<'_>,
        entry: &SeenUser,
        profile: &Profile,
        link: StoredLink,
        action: EntryAction,
    ) -> StoreResult<()> {
        let mut logged = user_entry(entry, action);
        logged.changed_fields = changed_fields(&link, entry, profile);
        let username = profile.folded_username();
        let has_moved = link.dn != stored_dn(&entry.dn);
        if has_moved || link.state == LinkState::Vanished || link.user.profile.folded_username() != username {
            self.note_member(entry, link.user.id, &username);
        }
        let has_new_content = link.content != entry.content;
        if has_new_content {
            self.names.rename(link.user.id, Some(&link.user.profile), profile, &entry.dn);
        }
        if self.held.writes() {
            let mut user = link.user;
            if has_new_content {
                self.fill(&mut user, profile);
            }
            if action == EntryAction::Reactivated {
                reactivate(&mut user);
            }
            user.updated_at = Some(self.now);
            users::update_synchronised(conn, &user).await?;
            self.update_link(conn, entry, &entry.content, LinkState::Present).await?;
        }
        self.draft.add(used(logged, entry));
        Ok(())
    }

    /// Deactivates the user of an entry that is switched off in the directory.
    async fn disable(&mut self, conn: &mut Conn<'_>, entry: &SeenUser, link: &StoredLink) -> StoreResult<()> {
        self.draft.log.users.disabled += 1;
        self.note_member(entry, link.user.id, &link.user.profile.folded_username());
        if self.held.writes() {
            users::deactivate(conn, link.user.id, self.held.provider(), self.now).await?;
            sessions::delete_of_user(conn, link.user.id).await?;
            self.update_link(conn, entry, &link.content, LinkState::Disabled).await?;
        }
        self.draft.add(user_entry(entry, EntryAction::Disabled));
        Ok(())
    }

    fn refuse(&mut self, entry: &SeenUser, code: EntryCode, taken: Option<String>) {
        let users = &mut self.draft.log.users;
        if code.is_policy() {
            users.skipped += 1;
        } else {
            users.failed += 1;
        }
        let message = match &entry.profile {
            Err(fault) => fault.message.clone(),
            Ok(_) => taken.unwrap_or_else(|| explain(code).to_owned()),
        };
        self.draft.add(refused(user_entry(entry, EntryAction::Failed), code, message));
    }

    /// Notes that groups list a user by this entry from now on.
    fn note_member(&mut self, entry: &SeenUser, user: UserId, folded_username: &str) {
        self.changes_members = true;
        if let Some(format) = self.rules.listed_by.filter(|_| !self.held.writes()) {
            let key = member_key(format, &stored_dn(&entry.dn), folded_username);
            self.effects.plan(&entry.external_id, key, user);
        }
    }

    /// Gives a user the entry's values. An administrator's block is not one of them.
    fn fill(&self, user: &mut User, profile: &Profile) {
        user.profile = profile.clone();
        user.email_verified = self.is_email_verified(profile);
        user.updated_at = Some(self.now);
    }

    const fn is_email_verified(&self, profile: &Profile) -> bool {
        self.rules.trust_email && profile.email.is_some()
    }

    fn may_reactivate(&self, user: &User) -> bool {
        match self.rules.reactivate {
            Reactivate::SyncDeactivated => user.deactivated_by == Some(self.held.provider()),
            Reactivate::Any => true,
            Reactivate::Never => false,
        }
    }

    /// Removes the link of the former entry from a user who is taken over. Returns the entry's identifier.
    async fn remove_former_link(&self, conn: &mut Conn<'_>, user: UserId) -> StoreResult<Option<String>> {
        let provider = self.held.provider();
        if self.held.writes() {
            directories::remove_link(conn, provider, user).await
        } else {
            directories::find_external_id(conn, provider, user).await
        }
    }

    fn add_link(&mut self, entry: &SeenUser, user: UserId) {
        self.new_links.push(NewLink {
            external_id: entry.external_id.clone(),
            user,
            dn: stored_dn(&entry.dn),
            content: entry.content.clone(),
        });
    }

    async fn update_link(
        &self,
        conn: &mut Conn<'_>,
        entry: &SeenUser,
        content: &str,
        state: LinkState,
    ) -> StoreResult<()> {
        let dn = stored_dn(&entry.dn);
        let found = (dn.as_str(), content, state);
        directories::update_link(conn, self.held.provider(), &entry.external_id, found, self.now).await
    }
}

const fn reactivate(user: &mut User) {
    user.active = true;
    user.deactivated_by = None;
}
