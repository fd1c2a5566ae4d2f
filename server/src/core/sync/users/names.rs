//! Which user has which name or address.

use std::collections::HashMap;

use vestibule_app::domain::{
    id::UserId,
    provider::LinkExisting,
    sync::{Collisions, Holder, HolderStatus, UserLabel},
    user::Profile,
};

/// Holders of folded names and addresses. `None` means that no user has it any more.
#[derive(Default)]
pub(super) struct NameTable {
    usernames: HashMap<String, Option<Holder<UserId>>>,
    emails: HashMap<String, Option<Holder<UserId>>>,
    /// These users, for messages that name them.
    users: HashMap<UserId, UserLabel>,
}

impl NameTable {
    pub(super) fn insert(
        &mut self,
        holder: Holder<UserId>,
        folded_username: String,
        folded_email: Option<String>,
        user: UserLabel,
    ) {
        self.users.insert(holder.user, user);
        self.usernames.insert(folded_username, Some(holder));
        if let Some(email) = folded_email {
            self.emails.insert(email, Some(holder));
        }
    }

    /// Later changes win.
    pub(super) fn extend(&mut self, later: Self) {
        let Self { usernames, emails, users } = later;
        self.usernames.extend(usernames);
        self.emails.extend(emails);
        self.users.extend(users);
    }
}

/// The names as they are in the middle of a transaction: its own changes, over those that a dry run has planned, over
/// those in the database.
pub(super) struct NameIndex<'a> {
    stored: NameTable,
    planned: &'a NameTable,
    changes: NameTable,
}

impl<'a> NameIndex<'a> {
    pub(super) fn new(stored: NameTable, planned: &'a NameTable) -> Self {
        Self { stored, planned, changes: NameTable::default() }
    }

    pub(super) fn into_changes(self) -> NameTable {
        self.changes
    }

    fn layers(&self) -> [&NameTable; 3] {
        [&self.changes, self.planned, &self.stored]
    }

    pub(super) fn username(&self, name: &str) -> Option<Holder<UserId>> {
        self.layers().into_iter().find_map(|names| names.usernames.get(name)).copied().flatten()
    }

    pub(super) fn email(&self, address: &str) -> Option<Holder<UserId>> {
        self.layers().into_iter().find_map(|names| names.emails.get(address)).copied().flatten()
    }

    pub(super) fn user(&self, user: UserId) -> Option<&UserLabel> {
        self.layers().into_iter().find_map(|names| names.users.get(&user))
    }

    /// Which users besides `own` have the name and the address of a profile.
    pub(super) fn collisions(&self, profile: &Profile, own: Option<UserId>) -> Collisions<UserId> {
        let is_other = |holder: &Holder<UserId>| Some(holder.user) != own;
        Collisions {
            username: self.username(&profile.folded_username()).filter(is_other),
            email: profile.folded_email().and_then(|email| self.email(&email)).filter(is_other),
        }
    }

    /// The user that an unknown entry matches, by the value that `link_existing` names.
    pub(super) fn matching(&self, link_existing: LinkExisting, profile: &Profile) -> Option<Holder<UserId>> {
        match link_existing {
            LinkExisting::None => None,
            LinkExisting::Username => self.username(&profile.folded_username()),
            LinkExisting::Email => profile.folded_email().and_then(|email| self.email(&email)),
        }
    }

    /// The user that an unknown entry takes over.
    pub(super) fn taken_over(&self, link_existing: LinkExisting, profile: &Profile) -> Option<UserId> {
        let holder = self.matching(link_existing, profile);
        holder.filter(|holder| holder.status == HolderStatus::Free).map(|holder| holder.user)
    }

    /// Gives a user the names of a profile, and releases those from before.
    pub(super) fn rename(&mut self, user: UserId, before: Option<&Profile>, after: &Profile, dn: &str) {
        let is_own = |held: Option<Holder<UserId>>| held.is_some_and(|held| held.user == user);
        if let Some(before) = before {
            let name = before.folded_username();
            // Another user may have it already: two who swap names release theirs first.
            if is_own(self.username(&name)) {
                self.changes.usernames.insert(name, None);
            }
            if let Some(email) = before.folded_email().filter(|email| is_own(self.email(email))) {
                self.changes.emails.insert(email, None);
            }
        }
        let holder = Holder { user, status: HolderStatus::Linked };
        let shown = UserLabel { username: after.username.clone(), dn: Some(dn.to_owned()) };
        self.changes.insert(holder, after.folded_username(), after.folded_email(), shown);
    }

    /// Releases the names of a profile that users hold for whom `releases` is true. The name by which an unknown entry
    /// matches the user that it takes over (`matched_by`) stays, or the entry would match no user.
    pub(super) fn release(&mut self, profile: &Profile, releases: impl Fn(UserId) -> bool, matched_by: LinkExisting) {
        let is_released = |held: Option<Holder<UserId>>| held.is_some_and(|held| releases(held.user));
        let name = profile.folded_username();
        if matched_by != LinkExisting::Username && is_released(self.username(&name)) {
            self.changes.usernames.insert(name, None);
        }
        let email = profile.folded_email().filter(|_| matched_by != LinkExisting::Email);
        if let Some(email) = email.filter(|email| is_released(self.email(email))) {
            self.changes.emails.insert(email, None);
        }
    }
}
