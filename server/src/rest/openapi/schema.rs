//! Describes schemas in words, for the page.

use serde_json::Value;

/// The type of a schema in words, with the schema that it refers to, if any: `list of Provider`.
pub(super) fn words(schema: &Value) -> (String, Option<&str>) {
    if let Some(name) = reference(schema) {
        return (name.to_owned(), Some(name));
    }
    for many in ["oneOf", "anyOf", "allOf"] {
        if let Some(variants) = schema[many].as_array() {
            let words: Vec<_> = variants.iter().map(words).collect();
            let refers = words.iter().find_map(|(_, refers)| *refers);
            let texts: Vec<_> = words.into_iter().map(|(text, _)| text).collect();
            return (texts.join(" or "), refers);
        }
    }
    if let Some(choices) = schema["enum"].as_array() {
        return (choices.iter().map(text).collect::<Vec<_>>().join(" | "), None);
    }
    let kinds: Vec<_> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let mut refers = None;
    let kinds = kinds.into_iter().map(|kind| match kind {
        "array" => {
            let (item, refers_to) = words(&schema["items"]);
            refers = refers_to;
            format!("list of {item}")
        }
        "object" if schema["additionalProperties"].is_object() => {
            let (item, refers_to) = words(&schema["additionalProperties"]);
            refers = refers_to;
            format!("object of {item}")
        }
        "string" => schema["format"].as_str().map_or("text", |format| format).to_owned(),
        kind => kind.to_owned(),
    });
    let kinds = kinds.collect::<Vec<_>>().join(" or ");
    (if kinds.is_empty() { "any".to_owned() } else { kinds }, refers)
}

/// The name of the schema that another one refers to.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The limits of a value of the schema, and its default.
pub(super) fn limits(schema: &Value) -> Vec<String> {
    let names = [
        ("minLength", "at least", "characters"),
        ("maxLength", "at most", "characters"),
        ("minimum", "from", ""),
        ("maximum", "to", ""),
        ("minItems", "at least", "items"),
        ("maxItems", "at most", "items"),
    ];
    let mut limits: Vec<String> = names
        .iter()
        .filter(|(name, ..)| !schema[name].is_null())
        .map(|(name, before, after)| format!("{before} {} {after}", text(&schema[name])).trim_end().to_owned())
        .collect();
    if let Some(pattern) = schema["pattern"].as_str() {
        limits.push(format!("matches {pattern}"));
    }
    if schema.get("default").is_some() {
        limits.push(format!("default {}", text(&schema["default"])));
    }
    if schema["readOnly"] == true {
        limits.push("read-only".to_owned());
    }
    limits
}

/// A value as it is written: texts without quotes.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_put_in_words() {
        for (schema, expected) in [
            (json!({"type": "string"}), "text"),
            (json!({"type": ["string", "null"], "format": "date-time"}), "date-time or null"),
            (json!({"type": "array", "items": {"$ref": "#/components/schemas/Provider"}}), "list of Provider"),
            (json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Mapping"}]}), "null or Mapping"),
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), "object of text"),
            (json!({"type": "string", "enum": ["OIDC", "SAML"]}), "OIDC | SAML"),
            (json!({}), "any"),
        ] {
            assert_eq!(words(&schema).0, expected, "{schema}");
        }
    }

    #[test]
    fn limits_are_listed_with_the_default_last() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20});
        assert_eq!(limits(&schema), ["from 1", "to 100", "default 20"]);
    }
}
