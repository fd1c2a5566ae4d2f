//! Up to 500 entries in one transaction.

use std::collections::HashMap;

use vestibule_app::domain::{
    id::UserId,
    provider::Reactivate,
    sync::{
        Collisions, Decision, EntryAction, EntryCode, EntryObject, Holder, LinkState, Linked, MAX_RETRIES, Policy,
        Seen, SyncEntry, decide,
    },
    timestamp::Timestamp,
    user::{Profile, User},
};

use super::{
    journal::{Draft, refused, told},
    read::{SeenUser, fingerprint},
    run::{End, PORTION, Run},
};
use crate::{
    core::{error_chain, new_uuid},
    store::{
        Conn, Lock, StoreError, UniqueKey,
        directories::{self, KnownLink, NewLink, StoredLink},
        syncs as rows,
        users::{self, NewUser},
    },
};

/// Who has which name: what a run gave and took and the database does not show yet. A dry run shows it nothing, so there
/// this grows; else it is forgotten with each transaction.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    usernames: HashMap<String, Option<Holder<UserId>>>,
    emails: HashMap<String, Option<Holder<UserId>>>,
}

/// Names as they stand in the middle of a transaction: what it did, over what the run did before, over what the database
/// says.
struct Desk<'a> {
    stored: Names,
    before: &'a Names,
    done: &'a mut Names,
}

impl Desk<'_> {
    fn username(&self, name: &str) -> Option<Holder<UserId>> {
        let names = [&*self.done, self.before, &self.stored];
        names.into_iter().find_map(|names| names.usernames.get(name)).copied().flatten()
    }

    fn email(&self, address: &str) -> Option<Holder<UserId>> {
        let names = [&*self.done, self.before, &self.stored];
        names.into_iter().find_map(|names| names.emails.get(address)).copied().flatten()
    }

    /// Who else has the names of a profile.
    fn collisions(&self, profile: &Profile, own: Option<UserId>) -> Collisions<UserId> {
        let others = |holder: &Holder<UserId>| Some(holder.user) != own;
        Collisions {
            username: self.username(&profile.folded_username()).filter(others),
            email: profile.folded_email().and_then(|email| self.email(&email)).filter(others),
        }
    }

    /// A user takes new names and gives up old ones.
    fn rename(&mut self, user: UserId, before: Option<&Profile>, after: &Profile) {
        let holder = Some(Holder { user, is_linked_here: true });
        if let Some(before) = before {
            self.done.usernames.insert(before.folded_username(), None);
            if let Some(email) = before.folded_email() {
                self.done.emails.insert(email, None);
            }
        }
        self.done.usernames.insert(after.folded_username(), holder);
        if let Some(email) = after.folded_email() {
            self.done.emails.insert(email, holder);
        }
    }
}

/// What a transaction collects before it writes many rows at once.
#[derive(Default)]
struct Fresh {
    users: Vec<NewUser>,
    links: Vec<NewLink>,
    /// Whether somebody came, or is called otherwise by groups.
    is_moved: bool,
    /// What groups would call the users that a dry run would have written.
    planned: Vec<(u128, (u128, UserId))>,
}

/// What became of a transaction.
struct Outcome {
    draft: Draft,
    names: Names,
    /// Entries whose name is taken, and who get another look at the end.
    again: Vec<SeenUser>,
    retry: Vec<String>,
    planned: Vec<(u128, (u128, UserId))>,
}

impl Run {
    /// Decides about entries and writes what follows. Entries that the database refuses together are tried one by one, so
    /// that a bad one costs itself alone. With `is_last`, nobody gets another look.
    pub(super) async fn process(&mut self, batch: Vec<SeenUser>, is_last: bool) -> Result<(), End> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.apply(&batch, is_last).await {
            Ok(outcome) => self.adopt(outcome),
            Err(End::Store(error)) if !error.is_unavailable() => {
                tracing::debug!(error = %error_chain(&error), "a batch of a synchronisation is repeated entry by entry");
                for entry in &batch {
                    self.patience.check()?;
                    match self.apply(std::slice::from_ref(entry), is_last).await {
                        Ok(outcome) => self.adopt(outcome),
                        Err(End::Store(error)) if !error.is_unavailable() => self.give_up(entry, &error).await?,
                        Err(end) => return Err(end),
                    }
                }
            }
            Err(end) => return Err(end),
        }
        Ok(())
    }

    fn adopt(&mut self, outcome: Outcome) {
        let Outcome { draft, names, again, retry, planned } = outcome;
        self.journal.adopt(draft);
        self.planned.extend(planned);
        self.again.extend(again);
        self.look_again(retry);
        // What was written the database shows by now.
        if !self.writes() {
            self.names.usernames.extend(names.usernames);
            self.names.emails.extend(names.emails);
        }
    }

    /// The next run looks at these entries, or at all when there are too many of them.
    fn look_again(&mut self, assertions: Vec<String>) {
        let room = (MAX_RETRIES + 1).saturating_sub(self.retry.len());
        self.retry.extend(assertions.into_iter().take(room));
    }

    /// Counts an entry that the database refused.
    async fn give_up(&mut self, entry: &SeenUser, error: &StoreError) -> Result<(), End> {
        let (code, message) = match error.unique_key() {
            Some(UniqueKey::UserName) => (EntryCode::UsernameTaken, explain(EntryCode::UsernameTaken).to_owned()),
            Some(UniqueKey::UserEmail) => (EntryCode::EmailTaken, explain(EntryCode::EmailTaken).to_owned()),
            _ => {
                tracing::warn!(error = %error_chain(error), provider = %self.provider.id, "an entry could not be stored");
                (EntryCode::NotStored, explain(EntryCode::NotStored).to_owned())
            }
        };
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        draft.note(refused(of(entry, EntryAction::Failed), code, message));
        self.keep(draft).await?;
        self.look_again(vec![entry.assertion.clone()]);
        Ok(())
    }

    async fn apply(&self, batch: &[SeenUser], is_last: bool) -> Result<Outcome, End> {
        let now = self.core.clock.now();
        let mut tx = self.core.store.begin().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        let ids: Vec<&str> = batch.iter().map(|entry| entry.external_id.as_str()).collect();
        let known = directories::find_known(conn, self.provider.id, &ids).await?;
        let known: HashMap<String, KnownLink> =
            known.into_iter().map(|link| (link.external_id.clone(), link)).collect();
        let touched: Vec<&str> = batch
            .iter()
            .filter(|entry| known.get(&entry.external_id).is_some_and(|link| !is_as_before(entry, link)))
            .map(|entry| entry.external_id.as_str())
            .collect();
        let links = directories::find_many(conn, self.provider.id, &touched).await?;
        let mut links: HashMap<String, StoredLink> =
            links.into_iter().map(|link| (link.external_id.clone(), link)).collect();
        let mut outcome = Outcome {
            draft: self.journal.draft(),
            names: Names::default(),
            again: Vec::new(),
            retry: Vec::new(),
            planned: Vec::new(),
        };
        let stored = self.load_names(conn, batch, &known).await?;
        let mut desk = Desk { stored, before: &self.names, done: &mut outcome.names };
        let mut fresh = Fresh::default();
        for (done, entry) in batch.iter().enumerate() {
            if done % PORTION == 0 {
                tokio::task::yield_now().await;
            }
            let link = links.remove(&entry.external_id);
            let decision = self.decide(entry, known.get(&entry.external_id), &desk);
            if let Decision::Fail(code) = decision
                && code.is_worth_another_look()
            {
                if !is_last && self.again.len() + outcome.again.len() < super::run::MAX_AGAIN {
                    outcome.again.push(entry.clone());
                    continue;
                }
                outcome.retry.push(entry.assertion.clone());
            }
            outcome.draft.log.users.seen += 1;
            let happened = Happened { entry, link, decision, now };
            self.carry_out(conn, happened, &mut desk, &mut fresh, &mut outcome.draft).await?;
        }
        if self.writes() {
            users::insert(conn, self.tenant, self.provider.id, &fresh.users, now).await?;
            directories::insert(conn, self.provider.id, &fresh.links, now).await?;
            if fresh.is_moved {
                rows::set_members_stale(conn, self.provider.id, true).await?;
            }
        }
        outcome.planned = fresh.planned;
        outcome.draft.write(conn).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Who has the names that the entries of a batch want.
    async fn load_names(
        &self,
        conn: &mut Conn<'_>,
        batch: &[SeenUser],
        links: &HashMap<String, KnownLink>,
    ) -> Result<Names, End> {
        let mut stored = Names::default();
        let wanted = batch.iter().filter(|entry| {
            !entry.is_disabled && links.get(&entry.external_id).is_none_or(|link| link.content != entry.content)
        });
        let profiles: Vec<&Profile> = wanted.filter_map(|entry| entry.profile.as_ref().ok()).collect();
        if profiles.is_empty() {
            return Ok(stored);
        }
        let usernames: Vec<String> = profiles.iter().map(|profile| profile.folded_username()).collect();
        let emails: Vec<String> = profiles.iter().filter_map(|profile| profile.folded_email()).collect();
        for row in directories::find_holders(conn, self.tenant, self.provider.id, &usernames, &emails).await? {
            let holder = Some(Holder { user: row.user, is_linked_here: row.is_linked_here });
            stored.usernames.insert(row.username, holder);
            if let Some(email) = row.email {
                stored.emails.insert(email, holder);
            }
        }
        Ok(stored)
    }

    fn decide(&self, entry: &SeenUser, link: Option<&KnownLink>, desk: &Desk<'_>) -> Decision<UserId> {
        let content = match &entry.profile {
            Ok(_) => Ok(entry.content.as_str()),
            Err(fault) => Err(fault.code),
        };
        let collisions = match &entry.profile {
            // Who keeps a name takes it from nobody.
            Ok(profile) if link.is_none_or(|link| link.content != entry.content) => {
                desk.collisions(profile, link.map(|link| link.user))
            }
            Ok(_) | Err(_) => Collisions::none(),
        };
        let linked = link.map(|link| Linked {
            state: link.state,
            content: link.content.clone(),
            is_active: link.is_active,
            is_deactivated_here: link.is_deactivated_here,
        });
        let sync = &self.config.sync;
        let policy = Policy {
            creates: self.provider.provisioning.auto_create_users,
            reactivate: sync.reactivate,
            link_existing: sync.link_existing,
        };
        decide(&Seen { content, is_disabled: entry.is_disabled }, linked.as_ref(), &collisions, policy)
    }

    async fn carry_out(
        &self,
        conn: &mut Conn<'_>,
        happened: Happened<'_>,
        desk: &mut Desk<'_>,
        fresh: &mut Fresh,
        draft: &mut Draft,
    ) -> Result<(), End> {
        let Happened { entry, link, decision, now } = happened;
        let users = &mut draft.log.users;
        match (decision, link, &entry.profile) {
            (Decision::Create, _, Ok(profile)) => {
                users.created += 1;
                let user = self.new_user(profile);
                desk.rename(user.id, None, profile);
                self.call(entry, user.id, &profile.folded_username(), fresh);
                fresh.links.push(self.new_link(entry, user.id));
                fresh.users.push(user);
                draft.note(of(entry, EntryAction::Created));
            }
            (Decision::Link(id), _, Ok(profile)) => {
                users.updated += 1;
                let found = users::find(conn, id, Lock::Exclusive).await?;
                // It was found a moment ago in this very transaction; in a dry run it may be one that is only said to be.
                let before = found.as_ref().map(|user| user.profile.clone()).unwrap_or_default();
                let mut note = of(entry, EntryAction::Updated);
                note.changed_fields = before.changed_fields(profile);
                note.changed_fields.push("link".to_owned());
                desk.rename(id, Some(&before), profile);
                self.call(entry, id, &profile.folded_username(), fresh);
                if let (true, Some(mut user)) = (self.writes(), found) {
                    self.fill(&mut user, profile, now);
                    // Whoever is linked anew comes under the same rule as everybody who is seen again.
                    if self.may_return(&user) {
                        user.active = true;
                        user.deactivated_by = None;
                    }
                    // An account that was made anew stands for the user in place of the one that vanished.
                    directories::remove_vanished(conn, self.provider.id, id).await?;
                    users::update_synchronised(conn, &user).await?;
                    fresh.links.push(self.new_link(entry, id));
                }
                draft.note(note);
            }
            (Decision::Update | Decision::Reactivate, Some(link), Ok(profile)) => {
                let is_back = decision == Decision::Reactivate;
                let action = if is_back {
                    users.reactivated += 1;
                    EntryAction::Reactivated
                } else {
                    users.updated += 1;
                    EntryAction::Updated
                };
                let mut note = of(entry, action);
                note.changed_fields = changed(&link, entry, profile);
                let username = profile.folded_username();
                let is_moved = link.dn != super::journal::shortened(entry.dn.clone());
                if is_moved || link.state == LinkState::Vanished || link.user.profile.folded_username() != username {
                    self.call(entry, link.user.id, &username, fresh);
                }
                if link.content != entry.content {
                    desk.rename(link.user.id, Some(&link.user.profile), profile);
                }
                if self.writes() {
                    let mut user = link.user;
                    if link.content != entry.content {
                        self.fill(&mut user, profile, now);
                    }
                    if is_back {
                        user.active = true;
                        user.deactivated_by = None;
                    }
                    user.updated_at = Some(now);
                    users::update_synchronised(conn, &user).await?;
                    self.put_link(conn, entry, &entry.content, LinkState::Present, now).await?;
                }
                draft.note(note);
            }
            (Decision::Disable, Some(link), _) => {
                users.disabled += 1;
                self.call(entry, link.user.id, &link.user.profile.folded_username(), fresh);
                if self.writes() {
                    users::deactivate(conn, link.user.id, self.provider.id, now).await?;
                    self.put_link(conn, entry, &link.content, LinkState::Disabled, now).await?;
                }
                draft.note(of(entry, EntryAction::Disabled));
            }
            (Decision::Unchanged, ..) => users.unchanged += 1,
            // There may be as many of them as an organisation ever had people.
            (Decision::SkipDisabled, ..) => users.skipped += 1,
            (Decision::Skip(code) | Decision::Fail(code), _, profile) => {
                if code.is_policy() {
                    users.skipped += 1;
                } else {
                    users.failed += 1;
                }
                let message = match profile {
                    Err(fault) => fault.message.clone(),
                    Ok(_) => explain(code).to_owned(),
                };
                draft.note(refused(of(entry, EntryAction::Failed), code, message));
            }
            // An unknown entry is neither updated nor switched off, and what has a fault is not taken over.
            (
                Decision::Create | Decision::Link(_) | Decision::Update | Decision::Reactivate | Decision::Disable,
                ..,
            ) => {
                users.failed += 1;
                draft.note(refused(
                    of(entry, EntryAction::Failed),
                    EntryCode::NotStored,
                    explain(EntryCode::NotStored),
                ));
            }
        }
        Ok(())
    }

    fn new_user(&self, profile: &Profile) -> NewUser {
        NewUser {
            id: UserId(new_uuid()),
            profile: profile.clone(),
            email_verified: self.config.sync.trust_email && profile.email.is_some(),
        }
    }

    /// Groups call a user by this entry from now on.
    fn call(&self, entry: &SeenUser, user: UserId, folded_username: &str, fresh: &mut Fresh) {
        fresh.is_moved = true;
        if !self.writes() && self.config.groups.enabled {
            let dn = super::journal::shortened(entry.dn.clone());
            let key = self.member_key(&dn, folded_username);
            fresh.planned.push((fingerprint(&entry.external_id), (key, user)));
        }
    }

    /// The user gets the entry's values. Whether an administrator blocks the user is none of them.
    fn fill(&self, user: &mut User, profile: &Profile, now: Timestamp) {
        user.profile = profile.clone();
        user.email_verified = self.config.sync.trust_email && profile.email.is_some();
        user.updated_at = Some(now);
    }

    /// Whether a user who is seen becomes active again.
    fn may_return(&self, user: &User) -> bool {
        match self.config.sync.reactivate {
            Reactivate::SyncDeactivated => user.deactivated_by == Some(self.provider.id),
            Reactivate::Any => true,
            Reactivate::Never => false,
        }
    }

    fn new_link(&self, entry: &SeenUser, user: UserId) -> NewLink {
        NewLink {
            external_id: entry.external_id.clone(),
            user,
            dn: super::journal::shortened(entry.dn.clone()),
            content: entry.content.clone(),
        }
    }

    async fn put_link(
        &self,
        conn: &mut Conn<'_>,
        entry: &SeenUser,
        content: &str,
        state: LinkState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let dn = super::journal::shortened(entry.dn.clone());
        directories::update(conn, self.provider.id, &entry.external_id, (&dn, content, state), now).await
    }
}

/// An entry and what was decided about it.
struct Happened<'a> {
    entry: &'a SeenUser,
    link: Option<StoredLink>,
    decision: Decision<UserId>,
    now: Timestamp,
}

/// Whether nothing is to be written of an entry that is linked.
fn is_as_before(entry: &SeenUser, link: &KnownLink) -> bool {
    !entry.is_disabled && link.content == entry.content && link.state == LinkState::Present && link.is_active
}

fn of(entry: &SeenUser, action: EntryAction) -> SyncEntry {
    let username = entry.profile.as_ref().ok().map(|profile| profile.username.as_str());
    let told = told(EntryObject::User, action, &entry.external_id, &entry.dn, username);
    SyncEntry { message: entry.note.clone(), ..told }
}

/// The fields in which an entry differs from what is stored.
fn changed(link: &StoredLink, entry: &SeenUser, profile: &Profile) -> Vec<String> {
    let mut fields = link.user.profile.changed_fields(profile);
    if link.dn != super::journal::shortened(entry.dn.clone()) {
        fields.push("dn".to_owned());
    }
    if link.state != LinkState::Present {
        fields.push("state".to_owned());
    }
    fields
}

/// A reason in a sentence that says what to do.
const fn explain(code: EntryCode) -> &'static str {
    match code {
        EntryCode::UsernameTaken => {
            "Another user of the tenant has this user name. Rename one of them, or let link_existing take the user over."
        }
        EntryCode::EmailTaken => {
            "Another user of the tenant has this e-mail address. Correct one of them, or let link_existing take the user \
             over."
        }
        EntryCode::CreationOff => "The user is unknown, and the provider creates none (auto_create_users).",
        EntryCode::NotStored => "The database refused the entry. The server's log says why.",
        _ => code.label(),
    }
}
