//! Which users get the names they want when several change theirs at once: two who swap names, or three who pass them
//! on.

use std::collections::HashMap;
use std::hash::Hash;

/// The names that an entry wants, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameClaim<U> {
    /// The user of the entry, or the one it would take over; `None` when a user would be created.
    pub user: Option<U>,
    /// The user name.
    pub username: String,
    /// The email address.
    pub email: Option<String>,
}

/// Which claims can be met, by their indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettledClaims {
    /// Those that can be met. The claims of one inner list have to be met in one transaction.
    pub together: Vec<Vec<usize>>,
    /// Those that cannot, in order.
    pub refused: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Name<'a> {
    Username(&'a str),
    Email(&'a str),
}

impl<U> NameClaim<U> {
    fn names(&self) -> impl Iterator<Item = Name<'_>> {
        std::iter::once(Name::Username(&self.username)).chain(self.email.as_deref().map(Name::Email))
    }
}

/// Settles claims. `username` and `email` return the user who has one now.
///
/// A name is free when no user has it, or when its user gives it up by a claim that can be met. When several want one
/// name, the user who has it keeps it; otherwise the first claim gets it.
pub fn settle<U: Copy + Eq + Hash>(
    claims: &[NameClaim<U>],
    username: impl Fn(&str) -> Option<U>,
    email: impl Fn(&str) -> Option<U>,
) -> SettledClaims {
    let holder = |name: Name<'_>| match name {
        Name::Username(name) => username(name),
        Name::Email(address) => email(address),
    };
    // Of several claims for one user, the first counts.
    let mut claim_of: HashMap<U, usize> = HashMap::new();
    for (at, claim) in claims.iter().enumerate() {
        if let Some(user) = claim.user {
            claim_of.entry(user).or_insert(at);
        }
    }
    let is_second = |at: usize| claims[at].user.is_some_and(|user| claim_of.get(&user) != Some(&at));
    let mut winners: HashMap<Name<'_>, usize> = HashMap::new();
    for (at, claim) in claims.iter().enumerate().filter(|(at, _)| !is_second(*at)) {
        for name in claim.names() {
            let winner = winners.entry(name).or_insert(at);
            if claim.user.is_some() && holder(name) == claim.user {
                *winner = at;
            }
        }
    }
    let mut is_met = vec![true; claims.len()];
    let mut waits_for = vec![Vec::new(); claims.len()];
    let mut waited_for = vec![Vec::new(); claims.len()];
    let mut lost = Vec::new();
    for (at, claim) in claims.iter().enumerate() {
        let mut is_lost = is_second(at);
        for name in claim.names() {
            is_lost |= winners.get(&name) != Some(&at);
            let Some(other) = holder(name).filter(|other| Some(*other) != claim.user) else { continue };
            match claim_of.get(&other).copied().filter(|other| claims[*other].names().all(|kept| kept != name)) {
                Some(giver) => {
                    waits_for[at].push(giver);
                    waited_for[giver].push(at);
                }
                None => is_lost = true,
            }
        }
        if is_lost {
            is_met[at] = false;
            lost.push(at);
        }
    }
    // A user whose claim is lost keeps the old name, so claims to that name are lost too.
    while let Some(at) = lost.pop() {
        for waiting in std::mem::take(&mut waited_for[at]) {
            if std::mem::replace(&mut is_met[waiting], false) {
                lost.push(waiting);
            }
        }
    }
    SettledClaims {
        together: groups(&is_met, &waits_for),
        refused: (0..claims.len()).filter(|at| !is_met[*at]).collect(),
    }
}

/// The claims that are met, grouped by those that depend on each other.
fn groups(is_met: &[bool], waits_for: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..is_met.len()).collect();
    fn find(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    for (at, givers) in waits_for.iter().enumerate().filter(|(at, _)| is_met[*at]) {
        for giver in givers {
            let (one, other) = (find(&mut leader, at), find(&mut leader, *giver));
            leader[one.max(other)] = one.min(other);
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = HashMap::new();
    for at in (0..is_met.len()).filter(|at| is_met[*at]) {
        let group = *group_of.entry(find(&mut leader, at)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(at);
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim(user: Option<u32>, username: &str, email: &str) -> NameClaim<u32> {
        NameClaim {
            user,
            username: username.to_owned(),
            email: Some(email.to_owned()).filter(|email| !email.is_empty()),
        }
    }

    /// Settles among users 0, 1, 2, … who are called a, b, c, … and have the addresses a@, b@, c@, ….
    fn among(users: u8, claims: &[NameClaim<u32>]) -> SettledClaims {
        let nth = |text: &str| {
            let letter = text.bytes().next().filter(|_| text.trim_end_matches('@').len() == 1)?;
            let place = letter.wrapping_sub(b'a');
            (place < users).then_some(u32::from(place))
        };
        settle(claims, nth, nth)
    }

    #[test]
    fn two_who_swap_and_three_who_pass_on_are_met_at_once() {
        let swap = [claim(Some(0), "b", "a@"), claim(Some(1), "a", "b@")];
        assert_eq!(among(2, &swap), SettledClaims { together: vec![vec![0, 1]], refused: vec![] });
        let addresses = [claim(Some(0), "a", "b@"), claim(Some(1), "b", "a@")];
        assert_eq!(among(2, &addresses), SettledClaims { together: vec![vec![0, 1]], refused: vec![] });
        let three = [claim(Some(0), "b", ""), claim(Some(1), "c", ""), claim(Some(2), "a", "")];
        assert_eq!(among(3, &three), SettledClaims { together: vec![vec![0, 1, 2]], refused: vec![] });
        // Names in one direction, addresses in the other.
        let both = [claim(Some(0), "b", "c@"), claim(Some(1), "c", "a@"), claim(Some(2), "a", "b@")];
        assert_eq!(among(3, &both), SettledClaims { together: vec![vec![0, 1, 2]], refused: vec![] });
    }

    #[test]
    fn a_chain_is_met_from_its_free_end_and_a_new_user_gets_what_is_given_up() {
        let chain = [claim(None, "a", ""), claim(Some(0), "b", ""), claim(Some(1), "free", "")];
        assert_eq!(among(2, &chain), SettledClaims { together: vec![vec![0, 1, 2]], refused: vec![] });
        let apart = [claim(Some(0), "x", ""), claim(Some(1), "y", "")];
        assert_eq!(among(2, &apart), SettledClaims { together: vec![vec![0], vec![1]], refused: vec![] });
    }

    #[test]
    fn who_keeps_a_name_keeps_it_from_all_who_wait_for_it() {
        // The third user gives up nothing, so none of the three can change.
        let row = [claim(Some(0), "b", ""), claim(Some(1), "c", "")];
        assert_eq!(among(3, &row), SettledClaims { together: vec![], refused: vec![0, 1] });
        // Of two who want one name the first gets it; who has it keeps it.
        let two = [claim(Some(0), "x", ""), claim(Some(1), "x", "")];
        assert_eq!(among(2, &two), SettledClaims { together: vec![vec![0]], refused: vec![1] });
        let keeps = [claim(Some(0), "b", ""), claim(Some(1), "b", "z@")];
        assert_eq!(among(2, &keeps), SettledClaims { together: vec![vec![1]], refused: vec![0] });
        // A swap of which one half is impossible: another user has the address.
        let half = [claim(Some(0), "b", "c@"), claim(Some(1), "a", "b@")];
        assert_eq!(among(3, &half), SettledClaims { together: vec![], refused: vec![0, 1] });
    }

    proptest! {
        #[test]
        fn what_is_met_leaves_every_name_with_one_user(
            wants in prop::collection::vec((0_u8..8, 0_u8..8, prop::bool::weighted(0.2)), 0..8),
        ) {
            const USERS: u8 = 6;
            let letter = |at: u8| char::from(b'a' + at).to_string();
            let claims: Vec<_> = wants
                .iter()
                .enumerate()
                .map(|(at, (name, address, is_new))| {
                    let user = (!is_new && at < usize::from(USERS)).then_some(at as u32);
                    claim(user, &letter(*name), &format!("{}@", letter(*address)))
                })
                .collect();
            let SettledClaims { together, refused } = among(USERS, &claims);
            let mut all: Vec<_> = together.iter().flatten().chain(&refused).copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..claims.len()).collect::<Vec<_>>());
            let mut names: HashMap<u32, (String, String)> =
                (0..USERS).map(|at| (u32::from(at), (letter(at), format!("{}@", letter(at))))).collect();
            // One group after the other, as they are written: each leaves everything unique.
            for group in together {
                for at in group {
                    let NameClaim { user, username, email } = claims[at].clone();
                    names.insert(user.unwrap_or(100 + at as u32), (username, email.unwrap_or_default()));
                }
                let mut seen = std::collections::HashSet::new();
                for (username, email) in names.values() {
                    prop_assert!(seen.insert(username.clone()) && seen.insert(email.clone()), "{names:?}");
                }
            }
        }

        #[test]
        fn any_permutation_is_met(order in Just((0_u32..7).collect::<Vec<_>>()).prop_shuffle()) {
            let letter = |at: u32| char::from(b'a' + at as u8).to_string();
            let claims: Vec<_> = order
                .iter()
                .enumerate()
                .map(|(at, to)| claim(Some(at as u32), &letter(*to), &format!("{}@", letter(6 - *to))))
                .collect();
            prop_assert_eq!(among(7, &claims).refused, Vec::<usize>::new());
        }
    }
}
