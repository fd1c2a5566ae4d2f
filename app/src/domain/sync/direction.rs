//! Removing characters that change the direction of text from what a directory says of a user.

use serde_json::Value;

use crate::domain::{
    direction::{changes_direction, without_direction_changes},
    user::Profile,
};

use super::fault::{EntryCode, Fault};

/// Removes such characters from a profile. Returns the fields that had some too.
///
/// # Errors
/// When nothing is left of the user name.
pub fn remove_directions(mut profile: Profile) -> Result<(Profile, Vec<String>), Fault> {
    let Profile { username, email, first_name, last_name, display_name, fields } = &mut profile;
    let mut changed = Vec::new();
    let mut clean = |name: &str, text: &mut String| {
        if text.contains(changes_direction) {
            *text = without_direction_changes(text).trim().to_owned();
            changed.push(name.to_owned());
        }
    };
    clean("username", username);
    for (name, place) in
        [("email", email), ("first_name", first_name), ("last_name", last_name), ("display_name", display_name)]
    {
        if let Some(text) = place {
            clean(name, text);
        }
        // A field that held nothing else is empty.
        *place = place.take().filter(|text| !text.is_empty());
    }
    for (name, value) in fields.iter_mut() {
        clean_value(value, &mut |text| clean(name, text));
    }
    changed.dedup();
    if profile.username.is_empty() {
        let message = "The user name holds nothing but characters that change the direction of text.";
        return Err(Fault::new(EntryCode::InvalidUsername, message));
    }
    Ok((profile, changed))
}

fn clean_value(value: &mut Value, clean: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => clean(text),
        Value::Array(items) => items.iter_mut().for_each(|item| clean_value(item, clean)),
        Value::Object(members) => members.values_mut().for_each(|member| clean_value(member, clean)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The log's remark about fields that such characters were removed from. Returns `None` when there are none.
pub fn direction_note(fields: &[String]) -> Option<String> {
    (!fields.is_empty())
        .then(|| format!("Characters that change the direction of text were removed from {}.", fields.join(", ")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(username: &str) -> Profile {
        Profile { username: username.to_owned(), ..Profile::default() }
    }

    #[test]
    fn characters_that_change_the_direction_are_removed_and_the_fields_are_reported() {
        let mut odd = Profile {
            email: Some("ada@example.com".to_owned()),
            first_name: Some("\u{202E}adA".to_owned()),
            last_name: Some("\u{2066}\u{2069}".to_owned()),
            display_name: Some("\u{200F}Ada\u{200E}".to_owned()),
            ..profile("ada\u{202C}")
        };
        odd.fields.insert("job_title".to_owned(), json!("Boss\u{202D}"));
        odd.fields.insert("extra".to_owned(), json!({"a": ["\u{202A}x", "y\u{202B}"], "n": 1}));
        let (clean, changed) = remove_directions(odd).unwrap();
        assert_eq!((clean.username.as_str(), clean.first_name.as_deref()), ("ada", Some("adA")));
        assert_eq!((clean.last_name, clean.display_name.as_deref()), (None, Some("\u{200F}Ada\u{200E}")));
        assert_eq!(clean.fields["job_title"], "Boss");
        assert_eq!(clean.fields["extra"], json!({"a": ["x", "y"], "n": 1}));
        let mut changed_sorted = changed.clone();
        changed_sorted.sort_unstable();
        assert_eq!(changed_sorted, ["extra", "first_name", "job_title", "last_name", "username"]);
        assert!(direction_note(&changed).is_some_and(|note| note.contains("username, first_name")));
    }

    #[test]
    fn a_profile_without_them_stays_as_it_is() {
        let plain = profile("ada");
        assert_eq!(remove_directions(plain.clone()), Ok((plain, Vec::new())));
        assert_eq!(direction_note(&[]), None);
    }

    #[test]
    fn a_user_name_of_nothing_else_is_a_fault() {
        assert_eq!(remove_directions(profile("\u{202E}")).unwrap_err().code, EntryCode::InvalidUsername);
    }
}
