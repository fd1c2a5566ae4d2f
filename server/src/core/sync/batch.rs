//! Up to 500 entries in one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use vestibule_app::domain::{
    id::UserId,
    provider::{LinkExisting, Reactivate},
    sync::{
        Claim, Collisions, Decision, EntryAction, EntryCode, EntryObject, Holder, LeftOut, LinkState, Linked,
        MAX_RETRIES, Other, Policy, Seen, Settled, Standing, SyncEntry, advise, decide, explain_taken,
        explain_taken_by_somebody, settle,
    },
    timestamp::Timestamp,
    user::{Profile, User},
};

use super::{
    journal::{Draft, refused, remarked, told},
    read::{SeenUser, fingerprint, stored_dn},
    run::{BATCH, End, PORTION, Run},
};
use crate::{
    core::{error_chain, new_uuid},
    store::{
        Conn, Lock, StoreError, UniqueKey,
        directories::{self, HolderRow, KnownLink, NewLink, StoredLink},
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
    /// Who these users are, for messages that name them.
    who: HashMap<UserId, Other>,
}

/// Which of its looks at entries a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// The first: a user who wants a name that is taken gets another try at the end.
    First,
    /// One at entries whose claims to names were settled, so that their users let go of theirs at once.
    Settled,
    /// The last.
    Last,
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
    fn rename(&mut self, user: UserId, before: Option<&Profile>, after: &Profile, dn: &str) {
        let holder = Some(Holder { user, standing: Standing::Linked });
        let is_own = |held: Option<Holder<UserId>>| held.is_some_and(|held| held.user == user);
        if let Some(before) = before {
            let name = before.folded_username();
            // Somebody else may have it by now: two who swap let go of theirs first.
            if is_own(self.username(&name)) {
                self.done.usernames.insert(name, None);
            }
            if let Some(email) = before.folded_email().filter(|email| is_own(self.email(email))) {
                self.done.emails.insert(email, None);
            }
        }
        self.done.usernames.insert(after.folded_username(), holder);
        if let Some(email) = after.folded_email() {
            self.done.emails.insert(email, holder);
        }
        self.done.who.insert(user, Other { username: after.username.clone(), dn: Some(dn.to_owned()) });
    }

    /// Frees the names that the profile claims, where `is_giving` says that their holder gives them up. The name by which
    /// an unknown entry finds the user it takes over (`leading`) stays with that user.
    fn release(&mut self, profile: &Profile, is_giving: impl Fn(UserId) -> bool, leading: LinkExisting) {
        let gives = |held: Option<Holder<UserId>>| held.is_some_and(|held| is_giving(held.user));
        let name = profile.folded_username();
        if leading != LinkExisting::Username && gives(self.username(&name)) {
            self.done.usernames.insert(name, None);
        }
        let email = profile.folded_email().filter(|_| leading != LinkExisting::Email);
        if let Some(email) = email.filter(|email| gives(self.email(email))) {
            self.done.emails.insert(email, None);
        }
    }

    /// Who a user is.
    fn who(&self, user: UserId) -> Option<&Other> {
        [&*self.done, self.before, &self.stored].into_iter().find_map(|names| names.who.get(&user))
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
    /// Fingerprints of entries in whose place others stand for their users.
    replaced: Vec<u128>,
}

/// What became of a transaction.
struct Outcome {
    draft: Draft,
    names: Names,
    /// Entries whose name is taken, and who get another look at the end.
    again: Vec<SeenUser>,
    retry: Vec<String>,
    planned: Vec<(u128, (u128, UserId))>,
    /// Fingerprints of entries in whose place others stand for their users.
    replaced: Vec<u128>,
}

impl Run {
    /// Decides about entries and writes what follows. Entries that the database refuses together are tried one by one, so
    /// that a bad one costs itself alone.
    pub(super) async fn process(&mut self, batch: Vec<SeenUser>, pass: Pass) -> Result<(), End> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.apply(&batch, pass).await {
            Ok(Some(outcome)) => {
                self.adopt(outcome);
                return Ok(());
            }
            Err(End::Store(error)) if !error.is_unavailable() => {
                tracing::debug!(error = %error_chain(&error), "a batch of a synchronisation is repeated entry by entry");
            }
            Ok(None) => tracing::debug!("names of a synchronisation were taken meanwhile"),
            Err(end) => return Err(end),
        }
        // Names that were settled together are not settled one by one.
        let pass = if pass == Pass::Settled { Pass::Last } else { pass };
        for entry in &batch {
            self.patience.check()?;
            match self.apply(std::slice::from_ref(entry), pass).await {
                Ok(outcome) => outcome.into_iter().for_each(|outcome| self.adopt(outcome)),
                Err(End::Store(error)) if !error.is_unavailable() => self.give_up(entry, &error).await?,
                Err(end) => return Err(end),
            }
        }
        Ok(())
    }

    /// Looks again at entries whose names were taken. Every other entry was seen by now, so names that were given up are
    /// free, and those who want each other's get them at once.
    pub(super) async fn look_at_the_rest(&mut self, again: Vec<SeenUser>) -> Result<(), End> {
        if again.is_empty() {
            return Ok(());
        }
        let Settled { together, refused } = self.settle(&again).await?;
        let mut again: Vec<Option<SeenUser>> = again.into_iter().map(Some).collect();
        let mut take = |places: Vec<usize>| -> Vec<SeenUser> {
            places.into_iter().filter_map(|place| again.get_mut(place)?.take()).collect()
        };
        let mut batch = Vec::new();
        for places in together {
            batch.extend(take(places));
            if batch.len() >= BATCH {
                self.patience.check()?;
                self.process(std::mem::take(&mut batch), Pass::Settled).await?;
            }
        }
        self.patience.check()?;
        self.process(batch, Pass::Settled).await?;
        for some in take(refused).chunks(BATCH) {
            self.patience.check()?;
            self.process(some.to_vec(), Pass::Last).await?;
        }
        Ok(())
    }

    /// What is stored of entries, and who has the names that they want. It may take a while, and writes nothing.
    async fn read_stored(&self, entries: &[SeenUser]) -> Result<(HashMap<String, KnownLink>, Names), End> {
        let mut read = self.core.store.read_long().await?;
        let conn = &mut read.conn();
        // Plans are kept, and those of batches are made for looking up by index.
        directories::prefer_indexes(conn).await?;
        let known = self.known(conn, entries).await?;
        let stored = self.load_names(conn, entries, &known).await?;
        Ok((known, stored))
    }

    /// How many users whose entry was not found other entries would take over.
    pub(super) async fn count_takeovers(&self, again: &[SeenUser]) -> Result<u64, End> {
        if again.is_empty() || self.config.sync.link_existing == LinkExisting::None {
            return Ok(0);
        }
        let (known, stored) = self.read_stored(again).await?;
        let desk = Desk { stored, before: &self.names, done: &mut Names::default() };
        let strangers = again.iter().filter(|entry| !entry.is_disabled && !known.contains_key(&entry.external_id));
        let holders = strangers.filter_map(|entry| self.leading(&desk, entry.profile.as_ref().ok()?));
        let users: HashSet<UserId> =
            holders.filter(|holder| holder.standing == Standing::Guarded).map(|holder| holder.user).collect();
        Ok(users.len() as u64)
    }

    async fn settle(&self, again: &[SeenUser]) -> Result<Settled, End> {
        let (known, stored) = self.read_stored(again).await?;
        let desk = Desk { stored, before: &self.names, done: &mut Names::default() };
        let mut claims = Vec::new();
        let mut refused = Vec::new();
        for (place, entry) in again.iter().enumerate() {
            let own = known.get(&entry.external_id).map(|link| link.user);
            match &entry.profile {
                Ok(profile) => {
                    let user = own.or_else(|| self.led_to(&desk, profile));
                    if user.is_some() || self.provider.provisioning.auto_create_users {
                        let (username, email) = (profile.folded_username(), profile.folded_email());
                        claims.push((place, Claim { user, username, email }));
                        continue;
                    }
                    refused.push(place);
                }
                Err(_) => refused.push(place),
            }
        }
        let (places, claims): (Vec<usize>, Vec<_>) = claims.into_iter().unzip();
        let user = |held: Option<Holder<UserId>>| held.map(|held| held.user);
        let settled = settle(&claims, |name| user(desk.username(name)), |address| user(desk.email(address)));
        let placed = |claims: Vec<usize>| claims.into_iter().filter_map(|claim| places.get(claim).copied()).collect();
        let Settled { together, refused: lost } = settled;
        refused.extend::<Vec<usize>>(placed(lost));
        refused.sort_unstable();
        Ok(Settled { together: together.into_iter().map(placed).collect(), refused })
    }

    /// The user whom an unknown entry takes over.
    fn led_to(&self, desk: &Desk<'_>, profile: &Profile) -> Option<UserId> {
        let holder = self.leading(desk, profile);
        holder.filter(|holder| holder.standing == Standing::Free).map(|holder| holder.user)
    }

    /// Who has the value by which unknown entries find existing users.
    fn leading(&self, desk: &Desk<'_>, profile: &Profile) -> Option<Holder<UserId>> {
        match self.config.sync.link_existing {
            LinkExisting::None => None,
            LinkExisting::Username => desk.username(&profile.folded_username()),
            LinkExisting::Email => profile.folded_email().and_then(|email| desk.email(&email)),
        }
    }

    async fn known(&self, conn: &mut Conn<'_>, batch: &[SeenUser]) -> Result<HashMap<String, KnownLink>, End> {
        let ids: Vec<&str> = batch.iter().map(|entry| entry.external_id.as_str()).collect();
        let known = directories::find_known(conn, self.provider.id, &ids).await?;
        Ok(known.into_iter().map(|link| (link.external_id.clone(), link)).collect())
    }

    fn adopt(&mut self, outcome: Outcome) {
        let Outcome { draft, names, again, retry, planned, replaced } = outcome;
        self.journal.adopt(draft);
        self.gone.extend(replaced);
        self.planned.extend(planned);
        self.again.extend(again);
        self.look_again(retry);
        // What was written the database shows by now.
        if !self.writes() {
            self.names.usernames.extend(names.usernames);
            self.names.emails.extend(names.emails);
            self.names.who.extend(names.who);
        }
    }

    /// The next run looks at these entries, or at all when there are too many of them.
    fn look_again(&mut self, assertions: Vec<String>) {
        let room = (MAX_RETRIES + 1).saturating_sub(self.retry.len());
        self.retry.extend(assertions.into_iter().take(room));
    }

    /// Counts an entry that the database refused.
    async fn give_up(&mut self, entry: &SeenUser, error: &StoreError) -> Result<(), End> {
        let code = match error.unique_key() {
            Some(UniqueKey::UserName) => EntryCode::UsernameTaken,
            Some(UniqueKey::UserEmail) => EntryCode::EmailTaken,
            _ => {
                tracing::warn!(error = %error_chain(error), provider = %self.provider.id, "an entry could not be stored");
                EntryCode::NotStored
            }
        };
        let message = match (code, &entry.profile) {
            (EntryCode::NotStored, _) | (_, Err(_)) => explain(code).to_owned(),
            (_, Ok(profile)) => match self.read_stored(std::slice::from_ref(entry)).await {
                Ok((known, stored)) => {
                    let desk = Desk { stored, before: &self.names, done: &mut Names::default() };
                    let own = known.get(&entry.external_id).map(|link| link.user);
                    self.explain_taken(code, profile, &desk.collisions(profile, own), own.is_some(), &desk)
                }
                // It only words the message.
                Err(End::Store(error)) => {
                    tracing::debug!(error = %error_chain(&error), "could not look up who has a name");
                    explain(code).to_owned()
                }
                Err(end) => return Err(end),
            },
        };
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        draft.note(refused(of(entry, EntryAction::Failed), code, message));
        self.keep(draft).await?;
        self.look_again(vec![entry.assertion.clone()]);
        Ok(())
    }

    /// Nothing, and nothing is written, when names that were settled are not free any more.
    async fn apply(&self, batch: &[SeenUser], pass: Pass) -> Result<Option<Outcome>, End> {
        let now = self.core.clock.now();
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        let known = self.known(conn, batch).await?;
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
            replaced: Vec::new(),
        };
        let stored = self.load_names(conn, batch, &known).await?;
        let mut desk = Desk { stored, before: &self.names, done: &mut outcome.names };
        if pass == Pass::Settled {
            self.release_names(conn, batch, &known, &mut desk).await?;
        }
        let mut fresh = Fresh::default();
        for (done, entry) in batch.iter().enumerate() {
            if done % PORTION == 0 {
                tokio::task::yield_now().await;
            }
            let link = links.remove(&entry.external_id);
            let known = known.get(&entry.external_id);
            let (decision, collisions) = self.decide(entry, known, &desk);
            let is_applied =
                matches!(decision, Decision::Create | Decision::Link(_) | Decision::Update | Decision::Reactivate);
            if pass == Pass::Settled && !is_applied {
                return Ok(None);
            }
            let mut taken = None;
            if let Decision::Fail(code) = decision
                && code.is_worth_another_look()
            {
                if pass == Pass::First && self.again.len() + outcome.again.len() < super::run::MAX_AGAIN {
                    outcome.again.push(entry.clone());
                    continue;
                }
                outcome.retry.push(entry.assertion.clone());
                if let Ok(profile) = &entry.profile {
                    taken = Some(self.explain_taken(code, profile, &collisions, known.is_some(), &desk));
                }
            }
            outcome.draft.log.users.seen += 1;
            let happened = Happened { entry, link, decision, taken, now };
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
        outcome.replaced = fresh.replaced;
        outcome.draft.write(conn).await?;
        tx.commit().await?;
        Ok(Some(outcome))
    }

    /// Lets the users of a batch that was settled go of their names, so that they can take each other's.
    async fn release_names(
        &self,
        conn: &mut Conn<'_>,
        batch: &[SeenUser],
        known: &HashMap<String, KnownLink>,
        desk: &mut Desk<'_>,
    ) -> Result<(), End> {
        let profiles = || batch.iter().filter_map(|entry| Some((entry, entry.profile.as_ref().ok()?)));
        let own: HashSet<UserId> = known.values().map(|link| link.user).collect();
        let led_to: HashSet<UserId> = profiles()
            .filter(|(entry, _)| !known.contains_key(&entry.external_id))
            .filter_map(|(_, profile)| self.led_to(desk, profile))
            .collect();
        for (_, profile) in profiles() {
            desk.release(profile, |user| own.contains(&user), LinkExisting::None);
            // What leads to a user who is taken over stays, or nobody would be found.
            desk.release(profile, |user| led_to.contains(&user), self.config.sync.link_existing);
        }
        if self.writes() {
            let all: BTreeSet<UserId> = own.union(&led_to).copied().collect();
            let all: Vec<UserId> = all.into_iter().collect();
            users::release_names(conn, &all).await?;
        }
        Ok(())
    }

    /// Says who has what an entry wants, and what helps.
    fn explain_taken(
        &self,
        code: EntryCode,
        profile: &Profile,
        collisions: &Collisions<UserId>,
        is_known: bool,
        desk: &Desk<'_>,
    ) -> String {
        let (holder, wanted) = match code {
            EntryCode::EmailTaken => (collisions.email, profile.email.as_deref().unwrap_or_default()),
            _ => (collisions.username, profile.username.as_str()),
        };
        let Some(other) = holder.and_then(|holder| desk.who(holder.user)) else { return explain(code).to_owned() };
        let advice = advise(collisions, is_known, self.config.sync.link_existing, self.has_read_everything);
        explain_taken(code, wanted, other, advice)
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
            let HolderRow { user, username, folded_username, folded_email, link } = row;
            let standing = match &link {
                Some(link) if !link.is_vanished => self.standing(&link.external_id),
                _ => Standing::Free,
            };
            let holder = Some(Holder { user, standing });
            stored.usernames.insert(folded_username, holder);
            if let Some(email) = folded_email {
                stored.emails.insert(email, holder);
            }
            stored.who.insert(user, Other { username, dn: link.map(|link| link.dn) });
        }
        Ok(stored)
    }

    /// Whether another entry may take over the user of an entry that was there before.
    fn standing(&self, external_id: &str) -> Standing {
        if !self.has_read_everything || self.seen.contains(&fingerprint(external_id)) {
            Standing::Linked
        } else if self.are_vanished_judged() {
            Standing::Free
        } else {
            Standing::Guarded
        }
    }

    fn decide(
        &self,
        entry: &SeenUser,
        link: Option<&KnownLink>,
        desk: &Desk<'_>,
    ) -> (Decision<UserId>, Collisions<UserId>) {
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
        let seen = Seen { content, is_disabled: entry.is_disabled };
        (decide(&seen, linked.as_ref(), &collisions, policy), collisions)
    }

    async fn carry_out(
        &self,
        conn: &mut Conn<'_>,
        happened: Happened<'_>,
        desk: &mut Desk<'_>,
        fresh: &mut Fresh,
        draft: &mut Draft,
    ) -> Result<(), End> {
        let Happened { entry, link, decision, taken, now } = happened;
        let users = &mut draft.log.users;
        match (decision, link, &entry.profile) {
            (Decision::Create, _, Ok(profile)) => {
                users.created += 1;
                let user = self.new_user(profile);
                desk.rename(user.id, None, profile, &entry.dn);
                self.call(entry, user.id, &profile.folded_username(), fresh);
                fresh.links.push(self.new_link(entry, user.id));
                fresh.users.push(user);
                draft.note(used(of(entry, EntryAction::Created), entry));
            }
            (Decision::Link(id), _, Ok(profile)) => {
                users.updated += 1;
                let found = users::find(conn, id, Lock::Exclusive).await?;
                // It was found a moment ago in this very transaction; in a dry run it may be one that is only said to be.
                let before = found.as_ref().map(|user| user.profile.clone()).unwrap_or_default();
                let mut note = of(entry, EntryAction::Updated);
                note.changed_fields = before.changed_fields(profile);
                note.changed_fields.push("link".to_owned());
                let former_dn = desk.who(id).and_then(|other| other.dn.clone());
                desk.rename(id, Some(&before), profile, &entry.dn);
                self.call(entry, id, &profile.folded_username(), fresh);
                // An account that was made anew stands for the user in place of the one that is gone.
                if former_dn.is_some()
                    && let Some(former) = self.replace_link(conn, id).await?
                {
                    fresh.replaced.push(fingerprint(&former));
                }
                if let (true, Some(mut user)) = (self.writes(), found) {
                    self.fill(&mut user, profile, now);
                    // Whoever is linked anew comes under the same rule as everybody who is seen again.
                    if self.may_return(&user) {
                        user.active = true;
                        user.deactivated_by = None;
                    }
                    users::update_synchronised(conn, &user).await?;
                    fresh.links.push(self.new_link(entry, id));
                }
                draft.note(match former_dn {
                    Some(dn) => taken_over(note, entry, &dn),
                    None => used(note, entry),
                });
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
                let is_moved = link.dn != stored_dn(&entry.dn);
                if is_moved || link.state == LinkState::Vanished || link.user.profile.folded_username() != username {
                    self.call(entry, link.user.id, &username, fresh);
                }
                if link.content != entry.content {
                    desk.rename(link.user.id, Some(&link.user.profile), profile, &entry.dn);
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
                draft.note(used(note, entry));
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
                    Ok(_) => taken.unwrap_or_else(|| explain(code).to_owned()),
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
            let dn = stored_dn(&entry.dn);
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

    /// Takes the former entry off a user whom another one takes over.
    async fn replace_link(&self, conn: &mut Conn<'_>, user: UserId) -> Result<Option<String>, StoreError> {
        match self.writes() {
            true => directories::remove_of_user(conn, self.provider.id, user).await,
            false => directories::id_of_user(conn, self.provider.id, user).await,
        }
    }

    fn new_link(&self, entry: &SeenUser, user: UserId) -> NewLink {
        NewLink {
            external_id: entry.external_id.clone(),
            user,
            dn: stored_dn(&entry.dn),
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
        let dn = stored_dn(&entry.dn);
        directories::update(conn, self.provider.id, &entry.external_id, (&dn, content, state), now).await
    }
}

/// An entry and what was decided about it.
struct Happened<'a> {
    entry: &'a SeenUser,
    link: Option<StoredLink>,
    decision: Decision<UserId>,
    /// Who has the name that it wants.
    taken: Option<String>,
    now: Timestamp,
}

/// Whether nothing is to be written of an entry that is linked.
fn is_as_before(entry: &SeenUser, link: &KnownLink) -> bool {
    !entry.is_disabled && link.content == entry.content && link.state == LinkState::Present && link.is_active
}

fn of(entry: &SeenUser, action: EntryAction) -> SyncEntry {
    let username = entry.profile.as_ref().ok().map(|profile| profile.username.as_str());
    told(EntryObject::User, action, &entry.external_id, &entry.dn, username)
}

/// An entry that was used, with the values that were not.
fn used(note: SyncEntry, entry: &SeenUser) -> SyncEntry {
    let told = remarks(entry);
    if told.is_empty() {
        return note;
    }
    remarked(note, EntryCode::ValuesLeftOut, told.join(" "))
}

/// An entry that took over the user of another one.
fn taken_over(note: SyncEntry, entry: &SeenUser, former_dn: &str) -> SyncEntry {
    let mut told = vec![format!("The entry takes over the user of {former_dn}, which was no longer found.")];
    told.extend(remarks(entry));
    remarked(note, EntryCode::TakenOver, told.join(" "))
}

/// What was not used of an entry, in sentences.
fn remarks(entry: &SeenUser) -> Vec<String> {
    entry.left_out.iter().map(LeftOut::explain).chain(entry.note.clone()).collect()
}

/// The fields in which an entry differs from what is stored.
fn changed(link: &StoredLink, entry: &SeenUser, profile: &Profile) -> Vec<String> {
    let mut fields = link.user.profile.changed_fields(profile);
    if link.dn != stored_dn(&entry.dn) {
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
        EntryCode::UsernameTaken | EntryCode::EmailTaken => explain_taken_by_somebody(code),
        EntryCode::CreationOff => "The user is unknown, and the provider creates none (auto_create_users).",
        EntryCode::NotStored => "The database refused the entry. The server's log says why.",
        _ => code.label(),
    }
}
