//! The members of groups, through groups in groups.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::domain::{provider::MemberFormat, words::counted};

/// How groups list their members, in those that were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberCounts {
    /// How many groups were read.
    pub groups: u64,
    /// How many members they list. Blank values are not members: `groupOfNames` requires a value, so an empty group
    /// often has the zero-length distinguished name.
    pub listed: u64,
    /// How many of those could not be read.
    pub unread: u64,
    /// How many values are blank.
    pub blank: u64,
}

impl MemberCounts {
    /// Counts the values of one group.
    pub fn of_group<'a>(values: impl IntoIterator<Item = &'a [u8]>, format: MemberFormat) -> Self {
        let mut counts = Self { groups: 1, ..Self::default() };
        for value in values {
            if value.trim_ascii().is_empty() {
                counts.blank += 1;
            } else {
                counts.listed += 1;
                counts.unread += u64::from(!is_member(value, format));
            }
        }
        counts
    }

    /// Adds a group.
    pub fn add(&mut self, group: Self) {
        let Self { groups, listed, unread, blank } = group;
        self.groups += groups;
        self.listed += listed;
        self.unread += unread;
        self.blank += blank;
    }

    /// What is wrong with the members of these groups and what to do. Returns `None` when all could be read.
    pub fn explain(&self, attribute: &str, format: MemberFormat) -> Option<String> {
        let Self { groups, listed, unread, blank } = *self;
        let (found, set) = match format {
            MemberFormat::Dn => (
                "are not distinguished names, which the member format dn requires",
                "Where groups list user names, set “Member format” (group_member_format) to username",
            ),
            MemberFormat::Username => (
                "are distinguished names, and the member format username requires user names",
                "Where groups list distinguished names, set “Member format” (group_member_format) to dn",
            ),
        };
        // Blank values show that the attribute is the right one.
        if groups > 0 && listed == 0 && blank == 0 {
            let who =
                if groups == 1 { "The group lists".to_owned() } else { format!("None of the {groups} groups lists") };
            let no = if groups == 1 { "no members" } else { "members" };
            return Some(format!(
                "{who} {no} in {attribute}, so nobody is in a group. Set “Member attribute” (group_member_attribute) to the attribute that lists \
                 them: member, uniqueMember or memberUid, by product and object class."
            ));
        }
        if unread == 0 {
            return None;
        }
        let all = counted(listed, "member");
        Some(match unread == listed {
            true => format!(
                "None of the members that groups list in {attribute} could be read ({all} in {}): they {found}. {set}, or \
                 set “Member attribute” (group_member_attribute) to another attribute.",
                counted(groups, "group")
            ),
            false => format!(
                "{unread} of {all} that groups list in {attribute} could not be read: they {found}. Correct them in the \
                 directory."
            ),
        })
    }
}

/// Whether a value names a member in a format.
pub fn is_member(value: &[u8], format: MemberFormat) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    // Called for each of some hundred thousand members, so it must be fast.
    match format {
        MemberFormat::Dn => text.contains('='),
        MemberFormat::Username => !(text.trim().is_empty() || text.contains('=') && text.contains(',')),
    }
}

/// How many levels of groups in groups are resolved.
pub const MAX_DEPTH: usize = 10;

/// The members of a group, through at most [`MAX_DEPTH`] groups in groups; cycles are followed once.
///
/// `members` has the direct members of every group; a key without an entry is not a group.
pub fn resolve<K: Copy + Eq + Hash>(group: K, members: &HashMap<K, Vec<K>>) -> HashSet<K> {
    let mut found = HashSet::new();
    let mut visited = HashSet::from([group]);
    let mut layer = vec![group];
    for _ in 0..=MAX_DEPTH {
        let mut next = Vec::new();
        for key in layer.iter().filter_map(|key| members.get(key)).flatten() {
            if members.contains_key(key) {
                if visited.insert(*key) {
                    next.push(*key);
                }
            } else {
                found.insert(*key);
            }
        }
        if next.is_empty() {
            break;
        }
        layer = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_cannot_be_read_are_reported_with_what_to_do() {
        let explain = |groups, listed, unread, format| {
            MemberCounts { groups, listed, unread, blank: 0 }.explain("memberUid", format)
        };
        assert_eq!(explain(0, 0, 0, MemberFormat::Dn), None);
        assert_eq!(explain(2, 3, 0, MemberFormat::Dn), None);
        let all = explain(1, 1, 1, MemberFormat::Dn).unwrap_or_default();
        assert!(
            all.starts_with("None of the members that groups list in memberUid could be read (1 member in 1 group)")
        );
        assert!(all.contains("set “Member format” (group_member_format) to username"), "{all}");
        let some = explain(2, 5, 2, MemberFormat::Username).unwrap_or_default();
        assert!(some.starts_with("2 of 5 members that groups list in memberUid could not be read"), "{some}");
        let none = explain(1, 0, 0, MemberFormat::Dn).unwrap_or_default();
        assert!(none.starts_with("The group lists no members in memberUid, so nobody"), "{none}");
        let none = explain(3, 0, 0, MemberFormat::Dn).unwrap_or_default();
        assert!(none.starts_with("None of the 3 groups lists members in memberUid"), "{none}");
    }

    #[test]
    fn blank_values_are_neither_listed_nor_unread() {
        let values: [&[u8]; 3] = [b"", b" ", b"uid=a,dc=x"];
        for (format, unread) in [(MemberFormat::Dn, 0), (MemberFormat::Username, 1)] {
            let counts = MemberCounts::of_group(values, format);
            assert_eq!(counts, MemberCounts { groups: 1, listed: 1, unread, blank: 2 });
            // A group with a placeholder alone is empty, and its attribute is the right one.
            let placeholder: [&[u8]; 1] = [b""];
            assert_eq!(MemberCounts::of_group(placeholder, format).explain("member", format), None);
        }
    }

    #[test]
    fn a_value_names_a_member_in_its_format() {
        assert!(is_member(b"uid=a,dc=x", MemberFormat::Dn) && is_member(b"a", MemberFormat::Username));
        assert!(is_member(b"Doe, Jane", MemberFormat::Username));
        for (value, format) in [
            (b"a" as &[u8], MemberFormat::Dn),
            (b"\xff=", MemberFormat::Dn),
            (b"uid=a,dc=x", MemberFormat::Username),
            (b" ", MemberFormat::Username),
        ] {
            assert!(!is_member(value, format), "{value:?}");
        }
    }
}
