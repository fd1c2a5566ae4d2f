//! Explaining that another user has the name or the address of an entry, and what to do.

use super::{
    decide::{Collisions, Holder, HolderStatus},
    fault::EntryCode,
};
use crate::domain::provider::LinkExisting;

/// What an administrator can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenAdvice {
    /// One of the two has to be changed.
    Change,
    /// With this setting, the entry takes the other user over.
    Link(LinkExisting),
    /// The other user's entry may be the same account before it was deleted and created again. A full run finds out,
    /// with this setting.
    FullRun {
        /// The value that the setting needs.
        link: LinkExisting,
        /// Whether it has that value already.
        is_set: bool,
    },
    /// The other user's entry was not found, and the safeguard keeps the user; the run's failure says what to do.
    Safeguard,
    /// The other user signs in with a provider, so no entry takes the user over.
    SignsIn,
}

/// Chooses the advice. `is_known` means that the entry has a user of its own, `is_complete` that every entry of the
/// directory was seen, so that an unseen one is gone.
pub fn advise<U: PartialEq>(
    collisions: &Collisions<U>,
    is_known: bool,
    link_existing: LinkExisting,
    is_complete: bool,
) -> TakenAdvice {
    let Collisions { username, email } = collisions;
    let (holder, other, link) = match (username, email) {
        (Some(holder), _) if link_existing != LinkExisting::Username || holder.status != HolderStatus::Free => {
            (holder, email, LinkExisting::Username)
        }
        (_, Some(holder)) => (holder, username, LinkExisting::Email),
        (Some(holder), None) => (holder, email, LinkExisting::Username),
        (None, None) => return TakenAdvice::Change,
    };
    // An entry takes a user over only if no other user has its second value.
    let is_in_the_way = other.as_ref().is_some_and(|other| other.user != holder.user);
    match holder {
        _ if is_known || is_in_the_way => TakenAdvice::Change,
        Holder { status: HolderStatus::Free, .. } => TakenAdvice::Link(link),
        Holder { status: HolderStatus::SignsIn, .. } => TakenAdvice::SignsIn,
        Holder { status: HolderStatus::Guarded, .. } if link_existing == link => TakenAdvice::Safeguard,
        _ if is_complete => TakenAdvice::Change,
        _ => TakenAdvice::FullRun { link, is_set: link_existing == link },
    }
}

/// How messages name a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLabel {
    /// The user name.
    pub username: String,
    /// The distinguished name of the user's entry, if there is one.
    pub dn: Option<String>,
}

/// Says which user has the name or the address that an entry wants, and what to do.
pub fn explain_taken(code: EntryCode, wanted: &str, other: &UserLabel, advice: TakenAdvice) -> String {
    let UserLabel { username, dn } = other;
    let what = if code == EntryCode::EmailTaken { "email address" } else { "user name" };
    let place = dn.as_ref().map(|dn| format!(" ({dn})")).unwrap_or_default();
    let said = format!("The user {username:?}{place} has the {what} {wanted:?} already.");
    let setting = |link: LinkExisting| format!("set “Take over existing users” (link_existing) to {}", link.as_str());
    match advice {
        TakenAdvice::Change => format!("{said} Change it for one of the two."),
        TakenAdvice::Link(link) => {
            format!("{said} Change it for one of the two, or {} so that the entry takes this user over.", setting(link))
        }
        TakenAdvice::Safeguard => format!(
            "{said} That entry was not found in this run, but the safeguard kept its user from being taken over. The \
             message of the run says why and what to do."
        ),
        TakenAdvice::SignsIn => format!(
            "{said} That user signs in with an identity provider, so no entry takes the user over. Change it for one of \
             the two, or delete that user; the next synchronisation then creates one from the entry."
        ),
        TakenAdvice::FullRun { link: _, is_set: true } => format!(
            "{said} Change it for one of the two. If that entry was deleted and created again, the next full run takes \
             the user over."
        ),
        TakenAdvice::FullRun { link, is_set: false } => format!(
            "{said} Change it for one of the two. If that entry was deleted and created again, {} and the next full run \
             takes the user over.",
            setting(link)
        ),
    }
}

/// The same for readers who may not see users.
pub const fn explain_taken_unnamed(code: EntryCode) -> &'static str {
    match code {
        EntryCode::EmailTaken => "Another user of the tenant has the email address already.",
        _ => "Another user of the tenant has the user name already.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(user: u32, is_linked: bool) -> Option<Holder<u32>> {
        Some(Holder { user, status: if is_linked { HolderStatus::Linked } else { HolderStatus::Free } })
    }

    #[test]
    fn advice_is_given_only_where_it_works() {
        use LinkExisting::{Email, None as Nobody, Username};
        let name = |username| Collisions { username, email: None };
        let guarded = Some(Holder { user: 1, status: HolderStatus::Guarded });
        let signed_in = Some(Holder { user: 1, status: HolderStatus::SignsIn });
        for (collisions, is_known, link, is_complete, advice) in [
            (name(held(1, false)), false, Nobody, true, TakenAdvice::Link(Username)),
            (Collisions { username: None, email: held(1, false) }, false, Nobody, true, TakenAdvice::Link(Email)),
            // Two users stand in the way, and one entry takes over one.
            (Collisions { username: held(1, false), email: held(2, false) }, false, Nobody, true, TakenAdvice::Change),
            (
                Collisions { username: held(1, false), email: held(2, false) },
                false,
                Username,
                true,
                TakenAdvice::Change,
            ),
            // An entry that has a user takes over no other, nor does an entry while the other user's entry exists.
            (name(held(1, false)), true, Nobody, true, TakenAdvice::Change),
            (name(held(1, true)), false, Username, true, TakenAdvice::Change),
            (name(guarded), false, Username, true, TakenAdvice::Safeguard),
            (name(signed_in), false, Username, true, TakenAdvice::SignsIn),
            (name(signed_in), false, Nobody, false, TakenAdvice::SignsIn),
            (name(signed_in), true, Username, true, TakenAdvice::Change),
            (name(guarded), true, Username, true, TakenAdvice::Change),
            (name(guarded), false, Email, true, TakenAdvice::Change),
            (name(held(1, true)), false, Username, false, TakenAdvice::FullRun { link: Username, is_set: true }),
            (name(held(1, true)), false, Email, false, TakenAdvice::FullRun { link: Username, is_set: false }),
        ] {
            assert_eq!(advise(&collisions, is_known, link, is_complete), advice, "{collisions:?} {link:?}");
        }
    }

    #[test]
    fn the_sentence_names_the_value_and_the_other_user() {
        let other = UserLabel { username: "b".to_owned(), dn: Some("uid=b,dc=x".to_owned()) };
        let text = explain_taken(EntryCode::EmailTaken, "s@corp.example", &other, TakenAdvice::Change);
        assert_eq!(
            text,
            "The user \"b\" (uid=b,dc=x) has the email address \"s@corp.example\" already. Change it for one of the two."
        );
        let other = UserLabel { dn: None, ..other };
        let text = explain_taken(EntryCode::UsernameTaken, "B", &other, TakenAdvice::Link(LinkExisting::Username));
        assert!(text.contains("set “Take over existing users” (link_existing) to username so that"), "{text}");
    }
}
