//! A user of a directory as a synchronisation would store it, shown before anything is saved.

use std::collections::BTreeSet;

use crate::domain::{connection::SampleEntry, provider::MemberFormat, words::counted};

use super::{
    direction::{direction_note, remove_directions},
    fault::{EntryCode, Fault, LeftOut},
    groups::MemberCounts,
    read::{UserReading, Values, read_user},
    rules::UserRules,
};

/// Shows how a synchronisation would read an entry. `identifier` is its identifier, or why it has none; `name` says
/// what is wrong with its distinguished name; `values` returns those of an attribute.
pub fn sample<'a>(
    rules: &UserRules,
    identifier: Result<String, Fault>,
    name: Result<(), Fault>,
    values: impl Fn(&str) -> Values<'a>,
) -> SampleEntry {
    let named = values(&rules.username_attribute).texts.first().map(|&name| name.to_owned());
    let read = name.and_then(|()| read_user(rules, values)).and_then(|UserReading { profile, left_out }| {
        let (profile, cleaned) = remove_directions(profile)?;
        let username = Some(profile.username.clone());
        Ok(SampleEntry { external_id: None, username, profile: Some(profile), left_out, cleaned, fault: None })
    });
    let entry = read.unwrap_or_else(|fault| SampleEntry {
        external_id: None,
        username: named,
        profile: None,
        left_out: Vec::new(),
        cleaned: Vec::new(),
        fault: Some(fault),
    });
    match identifier {
        Ok(id) => SampleEntry { external_id: Some(id), ..entry },
        Err(fault) => SampleEntry { fault: Some(fault), ..entry },
    }
}

/// What a synchronisation would not take from the user's entry, a sentence each.
pub fn sample_remarks(user: &SampleEntry) -> impl Iterator<Item = String> {
    user.left_out.iter().map(LeftOut::explain).chain(direction_note(&user.cleaned))
}

/// Why an entry cannot be identified. `what` is the clause before the attribute: "has no" or "has several values of".
pub fn unidentified(what: &str, identifying_attribute: &str) -> Fault {
    let message = format!("The entry {what} {identifying_attribute}, which identifies it permanently.");
    Fault::new(EntryCode::MissingExternalId, message)
}

/// Marks users whose identifier an earlier one has too: a synchronisation uses the first.
pub fn mark_shared(users: &mut [SampleEntry], identifying_attribute: &str) {
    let mut seen = BTreeSet::new();
    for user in users {
        if user.external_id.as_ref().is_some_and(|id| !seen.insert(id.clone())) {
            user.fault = Some(Fault::new(EntryCode::DuplicateExternalId, explain_shared(identifying_attribute)));
        }
    }
}

/// Explains that another entry has the same identifier.
pub fn explain_shared(identifying_attribute: &str) -> String {
    format!(
        "Another entry has the same {identifying_attribute}, which must identify a single entry. Choose an attribute that no \
         two entries share as “Permanent identifier” (external_id_attribute)."
    )
}

/// What the first groups of a directory show about how groups list members, with what to do. Returns `None` when all
/// members could be read. Other groups may list theirs correctly, so it never advises to change settings.
pub fn explain_first(counts: MemberCounts, attribute: &str, format: MemberFormat) -> Option<(String, String)> {
    let MemberCounts { groups, listed, unread, blank } = counts;
    let first = format!("the first {}", counted(groups, "group"));
    if groups > 0 && listed == 0 && blank == 0 {
        return Some((
            format!("None of {first} lists members in {attribute}."),
            "Where other groups list their members there, all is well.".to_owned(),
        ));
    }
    (unread > 0).then(|| {
        let listed = counted(listed, "member");
        let message = format!(
            "{unread} of {listed} that {first} list in {attribute} could not be read in the member format {}.",
            format.as_str()
        );
        (message, "See how other groups list their members.".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{
        mapping::{UserField, UserMapping},
        user::Profile,
    };

    const ENTRY: [(&str, &[&str]); 4] =
        [("uid", &["ada"]), ("mail", &["ada@example.com"]), ("memberOf", &["cn=a", "cn=b"]), ("sn", &["Lovelace"])];

    fn entry(name: &str) -> Values<'static> {
        let found = ENTRY.iter().find(|(attribute, _)| *attribute == name);
        found.map(|(_, values)| values.to_vec()).unwrap_or_default().into()
    }

    fn rules(username: &str) -> UserRules {
        let mut mapping = UserMapping::default();
        mapping.attributes.set(UserField::Email, "mail");
        mapping.attributes.set(UserField::LastName, "sn");
        mapping.attributes.set(UserField::Groups, "memberOf");
        UserRules::new(username, &mapping, &[], true)
    }

    fn identifier() -> Result<String, Fault> {
        Ok("1".to_owned())
    }

    fn fault(user: &SampleEntry) -> &str {
        user.fault.as_ref().map(|fault| fault.message.as_str()).unwrap_or_default()
    }

    #[test]
    fn a_user_is_shown_as_the_mapping_fills_it() {
        let shown = sample(&rules("uid"), identifier(), Ok(()), entry);
        assert_eq!((shown.username.as_deref(), &shown.fault), (Some("ada"), &None));
        let profile = Profile {
            username: "ada".to_owned(),
            email: Some("ada@example.com".to_owned()),
            last_name: Some("Lovelace".to_owned()),
            fields: [("groups".to_owned(), json!(["cn=a", "cn=b"]))].into_iter().collect(),
            ..Profile::default()
        };
        assert_eq!(shown.profile, Some(profile));
    }

    #[test]
    fn a_value_that_is_left_out_is_reported_beside_those_that_are_not() {
        let long = "x".repeat(300);
        let with_one_too_long = |name: &str| match name {
            "memberOf" => vec!["cn=a", long.as_str()].into(),
            name => entry(name),
        };
        let shown = sample(&rules("uid"), identifier(), Ok(()), with_one_too_long);
        assert_eq!(shown.profile.as_ref().map(|profile| &profile.fields["groups"]), Some(&json!(["cn=a"])));
        assert_eq!(
            sample_remarks(&shown).collect::<Vec<_>>(),
            ["1 value of memberOf was left out of groups: it has 300 characters, and this field holds 255."]
        );
    }

    #[test]
    fn a_user_who_would_be_left_out_is_shown_with_the_reason() {
        let shown = sample(&rules("employeeNumber"), identifier(), Ok(()), entry);
        assert_eq!(fault(&shown), "The entry has no employeeNumber, which users sign in with.");
        let none = Err(Fault::new(EntryCode::MissingExternalId, "There is none."));
        let too_long = Err(Fault::new(EntryCode::DnTooLong, "It is too long."));
        let shown = sample(&rules("uid"), none, too_long.clone(), entry);
        assert_eq!((shown.external_id.as_deref(), fault(&shown)), (None, "There is none."));
        assert_eq!(shown.username.as_deref(), Some("ada"));
        let shown = sample(&rules("uid"), identifier(), too_long, entry);
        assert_eq!((shown.external_id.as_deref(), fault(&shown)), (Some("1"), "It is too long."));
        assert_eq!(shown.username.as_deref(), Some("ada"));
    }

    #[test]
    fn a_user_with_the_identifier_of_an_earlier_one_would_be_left_out() {
        let user = |id: Option<&str>| {
            let none = Fault::new(EntryCode::MissingExternalId, "There is none.");
            sample(&rules("uid"), id.map(str::to_owned).ok_or(none), Ok(()), entry)
        };
        let mut users = [user(Some("1")), user(None), user(Some("2")), user(Some("1")), user(None)];
        mark_shared(&mut users, "employeeNumber");
        let faults = users.each_ref().map(fault);
        let shared = explain_shared("employeeNumber");
        assert_eq!(faults, ["", "There is none.", "", &*shared, "There is none."]);
        assert!(shared.starts_with("Another entry has the same employeeNumber"), "{shared}");
    }

    #[test]
    fn the_first_groups_say_nothing_of_all_the_others() {
        let message = |listed, unread| {
            let counts = MemberCounts { groups: 5, listed, unread, blank: 0 };
            explain_first(counts, "member", MemberFormat::Dn).map(|(message, _)| message).unwrap_or_default()
        };
        assert_eq!(message(7, 0), "");
        assert_eq!(message(0, 0), "None of the first 5 groups lists members in member.");
        assert_eq!(
            message(7, 7),
            "7 of 7 members that the first 5 groups list in member could not be read in the member format dn."
        );
    }
}
