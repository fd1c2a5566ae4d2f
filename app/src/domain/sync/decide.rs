//! Deciding what happens to a user's entry.

use serde::{Deserialize, Serialize};

use super::fault::EntryCode;
use crate::domain::{
    named::named,
    provider::{LinkExisting, Reactivate},
};

named! {
    /// How a directory had a user when the entry was last read.
    LinkState, UnknownLinkState {
        /// There, and switched on.
        Present = "present" / "Present",
        /// There, and switched off.
        Disabled = "disabled" / "Disabled in the directory",
        /// No longer there.
        Vanished = "vanished" / "No longer in the directory",
    }
}

/// What was read of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// A hash of the mapped values, or why the entry cannot be used.
    pub content: Result<&'a str, EntryCode>,
    /// Whether it is switched off in the directory.
    pub is_disabled: bool,
}

/// What is stored of an entry that was seen before, and of its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// How the entry was found the last time.
    pub state: LinkState,
    /// The hash of the values that the user got from it.
    pub content: String,
    /// Whether the user is active.
    pub is_active: bool,
    /// Whether it was this provider that deactivated the user.
    pub is_deactivated_here: bool,
}

/// Whether an unknown entry may take a user over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderStatus {
    /// It may: no entry of this provider is linked to the user, or the one that was is gone.
    Free,
    /// It may not: an entry of this provider is linked to the user.
    Linked,
    /// It may not: the user's entry was not found, and the safeguard keeps the user.
    Guarded,
    /// It may not: the user signs in with a provider, and that person would get what the entry's person has.
    SignsIn,
}

/// Another user who has a name or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder<U> {
    /// Which user.
    pub user: U,
    /// Whether the entry may take that user over.
    pub status: HolderStatus,
}

/// Which other users have the entry's user name and email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collisions<U> {
    /// Who has the user name.
    pub username: Option<Holder<U>>,
    /// Who has the email address.
    pub email: Option<Holder<U>>,
}

impl<U> Collisions<U> {
    /// No other user has either.
    pub const fn none() -> Self {
        Self { username: None, email: None }
    }
}

/// The provider's settings that decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether unknown users are created.
    pub creates: bool,
    /// Which users become active again.
    pub reactivate: Reactivate,
    /// How unknown entries match existing users.
    pub link_existing: LinkExisting,
}

/// What happens to an entry. No decision sets or lifts an administrator's block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision<U> {
    /// A user is created and linked.
    Create,
    /// A user that exists already is linked and gets the entry's values.
    Link(U),
    /// The user gets the entry's values.
    Update,
    /// The user becomes active again and gets the entry's values.
    Reactivate,
    /// The user is switched off.
    Disable,
    /// Nothing.
    Unchanged,
    /// Nothing, since the entry is unknown and switched off.
    SkipDisabled,
    /// Nothing, since a setting leaves the entry out.
    Skip(EntryCode),
    /// Nothing, since the entry cannot be used.
    Fail(EntryCode),
}

/// Decides what happens to an entry.
///
/// Being switched off is checked first, so that a fault of the entry cannot keep its user active.
pub fn decide<U: Copy + PartialEq>(
    seen: &Seen<'_>,
    link: Option<&Linked>,
    collisions: &Collisions<U>,
    policy: Policy,
) -> Decision<U> {
    match link {
        Some(link) => decide_known(seen, link, collisions, policy),
        None => decide_unknown(seen, collisions, policy),
    }
}

fn decide_known<U: Copy>(seen: &Seen<'_>, link: &Linked, collisions: &Collisions<U>, policy: Policy) -> Decision<U> {
    if seen.is_disabled {
        return if link.state == LinkState::Disabled { Decision::Unchanged } else { Decision::Disable };
    }
    let content = match seen.content {
        Ok(content) => content,
        Err(code) => return refused(code),
    };
    let is_changed = link.content != content;
    if is_changed && let Some(code) = taken(collisions) {
        return Decision::Fail(code);
    }
    let may_return = match policy.reactivate {
        Reactivate::SyncDeactivated => link.is_deactivated_here,
        Reactivate::Any => true,
        Reactivate::Never => false,
    };
    if !link.is_active && may_return {
        Decision::Reactivate
    } else if is_changed || link.state != LinkState::Present {
        Decision::Update
    } else {
        Decision::Unchanged
    }
}

fn decide_unknown<U: Copy + PartialEq>(seen: &Seen<'_>, collisions: &Collisions<U>, policy: Policy) -> Decision<U> {
    if seen.is_disabled {
        return Decision::SkipDisabled;
    }
    if let Err(code) = seen.content {
        return refused(code);
    }
    let (wanted, other, code) = match policy.link_existing {
        LinkExisting::None => (None, None, EntryCode::UsernameTaken),
        LinkExisting::Username => (collisions.username, collisions.email, EntryCode::EmailTaken),
        LinkExisting::Email => (collisions.email, collisions.username, EntryCode::UsernameTaken),
    };
    if let Some(holder) = wanted.filter(|holder| holder.status == HolderStatus::Free) {
        // The other value must be free, or be the same user's.
        return match other.filter(|other| other.user != holder.user) {
            Some(_) => Decision::Fail(code),
            None => Decision::Link(holder.user),
        };
    }
    match taken(collisions) {
        Some(code) => Decision::Fail(code),
        None if policy.creates => Decision::Create,
        None => Decision::Skip(EntryCode::CreationOff),
    }
}

fn taken<U>(collisions: &Collisions<U>) -> Option<EntryCode> {
    match collisions {
        Collisions { username: Some(_), .. } => Some(EntryCode::UsernameTaken),
        Collisions { email: Some(_), .. } => Some(EntryCode::EmailTaken),
        Collisions { username: None, email: None } => None,
    }
}

const fn refused<U>(code: EntryCode) -> Decision<U> {
    if code.is_policy() { Decision::Skip(code) } else { Decision::Fail(code) }
}
