//! Warnings about groups.

use std::collections::HashMap;

use vestibule_app::domain::{direction::without_direction_changes, id::UserId, provider::LdapGroups, words::counted};

use super::{
    super::journal::Journal,
    seen::{MAX_NAME, ReadGroups, SeenGroup},
};

/// Warns when no group lists members in the attribute, or when members cannot be read in the format.
pub(super) fn warn_of_members(journal: &mut Journal, settings: &LdapGroups, read: &ReadGroups) {
    if let Some(warning) = read.counts.explain(&settings.member_attribute, settings.member_format) {
        journal.warn(warning);
    }
}

pub(super) fn warn_of_cut_names(journal: &mut Journal, groups: &[SeenGroup]) {
    let mut cut = groups.iter().filter(|group| group.is_cut());
    let Some(first) = cut.next() else { return };
    journal.warn(format!(
        "Names of more than {MAX_NAME} characters were cut at {}, the first of them {}. Name such groups by \
         distinguished name or identifier in mappings.",
        counted(1 + cut.count() as u64, "group"),
        first.dn
    ));
}

/// Warns when groups list members and none of them is known.
pub(super) fn warn_of_unknown_members(
    journal: &mut Journal,
    settings: &LdapGroups,
    read: &ReadGroups,
    users: &HashMap<u128, UserId>,
) {
    let is_known = |key: &u128| users.contains_key(key) || read.members.contains_key(key);
    // Members of unchanged groups were not read.
    let is_complete = read.groups.iter().all(|group| !group.is_unchanged);
    let listed = read.counts.listed - read.counts.unread;
    if is_complete && listed > 0 && !users.is_empty() && !read.members.values().flatten().any(is_known) {
        let attribute = &settings.member_attribute;
        journal.warn(format!(
            "None of the members that groups list in {attribute} is a user or a group that was found ({} in {}), so \
             no user is in a group. Check the search base and filter of users, “User name attribute” (username_attribute), and “Member format” \
             (group_member_format).",
            counted(listed, "member"),
            counted(read.counts.groups, "group")
        ));
    }
}

pub(super) fn warn_of_directions(journal: &mut Journal, groups: &[SeenGroup]) {
    let mut changed = groups.iter().filter(|group| group.had_directions);
    let Some(first) = changed.next() else { return };
    journal.warn(format!(
        "Characters that change the direction of text were removed from the names of {}, the first of them {}.",
        counted(1 + changed.count() as u64, "group"),
        without_direction_changes(&first.dn)
    ));
}
