//! A user of a directory as a synchronisation would take it, to show before anything is saved.

use serde_json::Value;

use crate::domain::{connection::SampleEntry, user::Profile};

use super::{UserRules, read_user, straightened};

/// What a synchronisation would make of an entry. `external_id` is what identifies it; `values` answers those of an
/// attribute that are text, in the directory's order.
pub fn sample<'a>(
    rules: &UserRules,
    identifying_attribute: &str,
    external_id: Option<String>,
    values: impl Fn(&str) -> Vec<&'a str>,
) -> SampleEntry {
    let named = values(&rules.username_attribute).first().map(|&name| name.to_owned());
    let (username, fields, fault) = match read_user(rules, values).and_then(straightened).map(|(profile, _)| profile) {
        Ok(profile) => (Some(profile.username.clone()), fields(profile), String::new()),
        Err(fault) => (named, Vec::new(), fault.message),
    };
    let fault = match external_id {
        None => format!("The entry has no {identifying_attribute}, which identifies it for good."),
        Some(_) => fault,
    };
    SampleEntry { external_id, username, fields, fault }
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

    fn entry(name: &str) -> Vec<&'static str> {
        ENTRY.iter().find(|(attribute, _)| *attribute == name).map(|(_, values)| values.to_vec()).unwrap_or_default()
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
    fn whoever_would_be_left_out_is_shown_with_the_reason() {
        let shown = sample(&rules("employeeNumber"), "entryUUID", Some("1".to_owned()), entry);
        assert_eq!(shown.fault, "The entry has no employeeNumber, which users sign in with.");
        let shown = sample(&rules("uid"), "entryUUID", None, entry);
        assert_eq!(shown.fault, "The entry has no entryUUID, which identifies it for good.");
        assert_eq!(shown.username.as_deref(), Some("ada"));
    }
}
