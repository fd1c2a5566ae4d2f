//! The first users of a directory, and what a synchronisation would make of them.

use vestibule_app::domain::{
    connection::SampleEntry,
    sync::{UserRules, mark_shared, sample as sample_of, sample_remarks},
    words::counted,
};

use super::{super::run::StepResult, subject::LdapTest};
use crate::{
    core::sync::{check_dn, identify},
    protocol::ldap::Entry,
};

/// Fails when identifiers or user names are missing, since every user needs both: the attribute is wrong.
pub(super) fn sample(test: &LdapTest, users: &[Entry], shown: &[SampleEntry]) -> StepResult {
    let config = &test.config;
    let all = counted(users.len() as u64, "user");
    let mut found = StepResult::ok("The users have an identifier and a user name.");
    for (attribute, what) in [(config.identifying_attribute(), "identifier"), (config.naming_attribute(), "user name")]
    {
        let missing = users.iter().filter(|user| is_without(user, attribute)).count();
        if missing > 0 {
            found = found.and_failed(
                format!("No {what} ({attribute}) at {missing} of {all}."),
                "Choose another attribute, or let the account read this one.",
            );
        }
    }
    let ambiguous = users.iter().filter(|user| user.values(config.naming_attribute()).count() > 1).count();
    if ambiguous > 0 {
        found = found.also(
            format!("More than one user name at {ambiguous} of {all}."),
            "Such users fail in a synchronisation. Choose an attribute with one value.",
        );
    }
    let faults: Vec<_> = shown.iter().filter_map(|user| user.fault.as_ref()).collect();
    if let Some(first) = faults.first() {
        let message = format!("{} of {all} would be left out by a synchronisation: {}", faults.len(), first.message);
        found = found.also(message, "Correct the attributes, the mapping or the entries. The sample shows who it is.");
    }
    let cut: Vec<_> = shown.iter().filter_map(|user| sample_remarks(user).next()).collect();
    if let Some(remark) = cut.first() {
        let message = format!("Not every value of {} of {all} would be used: {remark}", cut.len());
        found = found.also(message, "Correct the mapping or the entries. The sample shows who it is.");
    }
    found
}

pub(super) fn sampled(test: &LdapTest, rules: &UserRules, users: &[Entry]) -> Vec<SampleEntry> {
    let attribute = test.config.identifying_attribute();
    let entry = |user: &Entry| {
        let identifier = identify(attribute, user).map(|(id, _)| id);
        sample_of(rules, identifier, check_dn(&user.dn), |name| user.read(name))
    };
    let mut shown: Vec<_> = users.iter().map(entry).collect();
    mark_shared(&mut shown, attribute);
    shown
}

/// Whether an entry has no value of an attribute, or an empty one alone.
pub(super) fn is_without(entry: &Entry, attribute: &str) -> bool {
    entry.values(attribute).all(<[u8]>::is_empty)
}
