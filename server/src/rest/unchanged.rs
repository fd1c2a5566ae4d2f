//! Members of a request that repeat what its sender was shown.
//!
//! Clients read an object, change a member and write the whole back. Dialects show some values in another spelling than
//! they are stored in, and hide others, so that a value that is written back as it was shown could change the stored one.
//! Members that repeat what was shown are therefore removed before the body is read, and their values stay.

use serde::Serialize;
use serde_json::{Map, Value};

/// The members of a request that differ from what was shown.
pub(super) fn changed(sent: &Map<String, Value>, shown: &impl Serialize) -> Map<String, Value> {
    // An object that cannot be shown was not shown, so that every member counts as changed.
    let shown = serde_json::to_value(shown).unwrap_or_default();
    let differs = |(name, value): &(&String, &Value)| shown.get(name.as_str()) != Some(*value);
    sent.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_repeat_what_was_shown_are_left_out() {
        let shown = json!({"name": "a", "flag": true, "list": ["x", "y"], "inner": {"a": null, "b": 1}, "none": null});
        let sent = json!({
            "name": "b", "flag": "true", "list": ["y", "x"], "inner": {"b": 1, "a": null}, "none": null, "other": null,
        });
        let sent = sent.as_object().cloned().unwrap_or_default();
        let left = json!({"name": "b", "flag": "true", "list": ["y", "x"], "other": null});
        assert_eq!(Value::Object(changed(&sent, &shown)), left);
    }
}
