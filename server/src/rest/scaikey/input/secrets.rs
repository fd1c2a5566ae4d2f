//! Values as they may be repeated to their sender: without secrets.

use serde_json::Value;

/// What stands for a secret.
pub(super) const DOTS: &str = "**********";

pub(super) fn is_secret(name: &str) -> bool {
    matches!(name, "client_secret" | "bind_password" | "client_key")
}

/// A value as it may be repeated to its sender: without secrets, wherever they stand.
pub(in crate::rest::scaikey) fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(name, value)| {
                    let shown = if is_secret(name) && !value.is_null() { Value::from(DOTS) } else { redacted(value) };
                    (name.clone(), shown)
                })
                .collect(),
        ),
        Value::Array(items) => items.iter().map(redacted).collect(),
        other => other.clone(),
    }
}
