//! The values of a user's fields as text.

use serde_json::Value;

/// The value of a user field. Mapped fields are texts or lists of texts; kept claims may be any JSON.
pub fn field_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(field_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_other_json_are_shown_on_one_line() {
        assert_eq!(field_text(&json!("a")), "a");
        assert_eq!(field_text(&json!(["a", "b"])), "a, b");
        assert_eq!(field_text(&json!({"a": [1, true]})), r#"{"a":[1,true]}"#);
    }
}
