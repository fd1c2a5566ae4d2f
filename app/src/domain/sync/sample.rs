//! A user of a directory as a synchronisation would take it, to show before anything is saved.

use serde_json::Value;

use crate::domain::{connection::SampleEntry, user::Profile};

use super::{LeftOut, Reading, UserRules, Values, direction_note, read_user, straightened};

/// What a synchronisation would make of an entry. `external_id` is what identifies it; `values` answers those of an
/// attribute.
pub fn sample<'a>(
    rules: &UserRules,
    identifying_attribute: &str,
    external_id: Option<String>,
    values: impl Fn(&str) -> Values<'a>,
) -> SampleEntry {
    let named = values(&rules.username_attribute).texts.first().map(|&name| name.to_owned());
    let read = read_user(rules, values).and_then(|Reading { profile, left_out }| {
        let (profile, changed) = straightened(profile)?;
        Ok((profile, left_out.iter().map(LeftOut::explain).chain(direction_note(&changed)).collect()))
    });
    let (username, fields, remarks, fault) = match read {
        Ok((profile, remarks)) => (Some(profile.username.clone()), fields(profile), remarks, String::new()),
        Err(fault) => (named, Vec::new(), Vec::new(), fault.message),
    };
    let fault = match external_id {
        None => format!("The entry has no {identifying_attribute}, which identifies it for good."),
        Some(_) => fault,
    };
    SampleEntry { external_id, username, fields, remarks, fault }
}

fn fields(profile: Profile) -> Vec<(String, String)> {
    let Profile { username: _, email, first_name, last_name, display_name, fields } = profile;
    let own = [("email", email), ("first_name", first_name), ("last_name", last_name), ("display_name", display_name)];
    let own = own.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    own.chain(fields.iter().map(|(name, value)| (name.clone(), text(value)))).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::{UserField, UserMapping};

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

    #[test]
    fn a_user_is_shown_as_the_mapping_fills_it() {
        let shown = sample(&rules("uid"), "entryUUID", Some("1".to_owned()), entry);
        assert_eq!((shown.username.as_deref(), shown.fault.as_str()), (Some("ada"), ""));
        let fields: Vec<_> = shown.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(fields, [("email", "ada@example.com"), ("last_name", "Lovelace"), ("groups", "cn=a, cn=b")]);
    }

    #[test]
    fn a_value_that_is_left_out_is_told_beside_those_that_are_not() {
        let long = "x".repeat(300);
        let with_one_too_long = |name: &str| match name {
            "memberOf" => vec!["cn=a", long.as_str()].into(),
            name => entry(name),
        };
        let shown = sample(&rules("uid"), "entryUUID", Some("1".to_owned()), with_one_too_long);
        assert!(shown.fields.contains(&("groups".to_owned(), "cn=a".to_owned())), "{shown:?}");
        assert_eq!(
            shown.remarks,
            ["1 value of memberOf was left out of groups: it has 300 characters, and this field holds 255."]
        );
    }

    #[test]
    fn whoever_would_be_left_out_is_shown_with_the_reason() {
        let shown = sample(&rules("employeeNumber"), "entryUUID", Some("1".to_owned()), entry);
        assert_eq!(shown.fault, "The entry has no employeeNumber, which users sign in with.");
        let shown = sample(&rules("uid"), "entryUUID", None, entry);
        assert_eq!(shown.fault, "The entry has no entryUUID, which identifies it for good.");
        assert_eq!(shown.username.as_deref(), Some("ada"));
    }
}
