//! Limits the texts of a report: an answer of a provider may name an issuer of a megabyte, and a directory's attribute
//! may have any number of values.

use serde_json::Value;
use vestibule_app::domain::{
    connection::SampleEntry,
    sync::{Fault, LeftOut},
    user::Profile,
};

/// The most characters of a text, and of all values of a field.
const MAX_TEXT: usize = 2000;

/// The text, cut at the limit.
pub(super) fn shortened(text: String) -> String {
    cut(text, &mut { MAX_TEXT })
}

/// A user of a directory with each text and each field cut at the limit.
pub(super) fn shortened_user(user: SampleEntry) -> SampleEntry {
    let SampleEntry { external_id, username, profile, left_out, cleaned, fault } = user;
    SampleEntry {
        external_id: external_id.map(shortened),
        username: username.map(shortened),
        profile: profile.map(shortened_profile),
        left_out: left_out
            .into_iter()
            .map(|left_out| LeftOut { reason: shortened(left_out.reason), ..left_out })
            .collect(),
        cleaned,
        fault: fault.map(|Fault { code, message }| Fault { code, message: shortened(message) }),
    }
}

fn shortened_profile(profile: Profile) -> Profile {
    let Profile { username, email, first_name, last_name, display_name, fields } = profile;
    Profile {
        username: shortened(username),
        email: email.map(shortened),
        first_name: first_name.map(shortened),
        last_name: last_name.map(shortened),
        display_name: display_name.map(shortened),
        fields: fields.into_iter().map(|(name, value)| (name, cut_value(value, &mut { MAX_TEXT }))).collect(),
    }
}

/// A value whose texts have no more characters than `room` in all.
fn cut_value(value: Value, room: &mut usize) -> Value {
    match value {
        Value::String(text) => Value::String(cut(text, room)),
        Value::Array(values) => {
            let mut kept = Vec::new();
            for value in values {
                let is_full = *room == 0;
                kept.push(cut_value(value, room));
                if is_full {
                    break;
                }
            }
            Value::Array(kept)
        }
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, cut_value(member, room))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// Cuts a text at `room` characters, and takes what is kept from it.
fn cut(text: String, room: &mut usize) -> String {
    let text = match text.char_indices().nth(*room) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    *room = room.saturating_sub(text.chars().count());
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_cut_at_the_limit() {
        assert_eq!(shortened("ä".repeat(MAX_TEXT)), "ä".repeat(MAX_TEXT));
        assert_eq!(shortened("ä".repeat(MAX_TEXT + 1)), format!("{}…", "ä".repeat(MAX_TEXT)));
    }

    #[test]
    fn the_values_of_a_field_share_one_limit() {
        let cut = |value| cut_value(value, &mut 5);
        assert_eq!(cut(json!(["abc", "de"])), json!(["abc", "de"]));
        assert_eq!(cut(json!(["abc", "def", "g", "h"])), json!(["abc", "de…", "…"]));
        assert_eq!(cut(json!({"a": ["abc", 1], "b": "defg"})), json!({"a": ["abc", 1], "b": "de…"}));
    }
}
