//! Request bodies, read as FastAPI reads them: as JSON when the media type says so, else as a text.

use axum::{extract::Request, http::HeaderMap};
use serde_json::{Map, Value, json};

use super::{
    error::{Entry, Refusal, Result, Segment},
    input::redacted,
};
use crate::request::{media_type, read_body};

/// What an operation declares its body to be; FastAPI words the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// An object with known members.
    Model,
    /// Any object.
    Dictionary,
}

/// Reads the body of a request as an object.
pub(super) async fn read(request: Request, declared: Declared) -> Result<Map<String, Value>> {
    let is_json = is_json(request.headers());
    let body = read_body(request).await?;
    if body.is_empty() {
        return Err(missing());
    }
    if !is_json {
        // The text is not repeated: it may hold a secret, which cannot be found in it.
        return Err(no_object(declared, None));
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Null) => Err(missing()),
        Ok(other) => Err(no_object(declared, Some(redacted(&other)))),
        Err(error) => Err(broken(&body, &error)),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    let subtype = kind.strip_prefix("application/").unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json")
}

fn refuse(kind: &'static str, loc: Vec<Segment>, msg: &str, input: Option<Value>, ctx: Option<Value>) -> Refusal {
    Refusal::Invalid(vec![Entry { kind, loc, msg: msg.to_owned(), input, ctx }])
}

fn missing() -> Refusal {
    refuse("missing", vec![Segment::name("body")], "Field required", Some(Value::Null), None)
}

fn no_object(declared: Declared, input: Option<Value>) -> Refusal {
    let (kind, msg) = match declared {
        Declared::Model => {
            ("model_attributes_type", "Input should be a valid dictionary or object to extract fields from")
        }
        Declared::Dictionary => ("dict_type", "Input should be a valid dictionary"),
    };
    refuse(kind, vec![Segment::name("body")], msg, input, None)
}

fn broken(body: &[u8], error: &serde_json::Error) -> Refusal {
    let before = body.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
    let offset = before.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1);
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let loc = vec![Segment::name("body"), Segment::Index(offset)];
    refuse("json_invalid", loc, "JSON decode error", Some(json!({})), Some(json!({ "error": reason })))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use axum::{body::Body, http::header};

    use super::*;

    async fn read_as(content_type: Option<&str>, body: &str, declared: Declared) -> Result<Value> {
        let mut request = axum::http::Request::builder();
        if let Some(value) = content_type {
            request = request.header(header::CONTENT_TYPE, value);
        }
        read(request.body(Body::from(body.to_owned())).unwrap(), declared).await.map(Value::Object)
    }

    fn entry(result: Result<Value>) -> Value {
        match result {
            Err(Refusal::Invalid(entries)) => serde_json::to_value(&entries[0]).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn every_kind_of_json_is_read() {
        for kind in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"] {
            assert_eq!(read_as(Some(kind), r#"{"a":1}"#, Declared::Model).await, Ok(json!({"a": 1})), "{kind}");
        }
    }

    #[tokio::test]
    async fn another_type_or_none_makes_it_a_text() {
        for kind in [Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonx"), None] {
            let entry = entry(read_as(kind, r#"{"a":1}"#, Declared::Model).await);
            assert_eq!(entry["type"], "model_attributes_type", "{kind:?}");
            assert_eq!(entry["loc"], json!(["body"]));
        }
    }

    #[tokio::test]
    async fn nothing_and_null_are_missing() {
        for (kind, body) in [(Some("application/json"), ""), (None, ""), (Some("application/json"), "null")] {
            let entry = entry(read_as(kind, body, Declared::Dictionary).await);
            assert_eq!(entry, json!({"type": "missing", "loc": ["body"], "msg": "Field required", "input": null}));
        }
    }

    #[tokio::test]
    async fn broken_json_names_its_place() {
        for (body, offset) in [("{", 0), ("{\n  \"a\": x}", 9), ("{}}", 2)] {
            let entry = entry(read_as(Some("application/json"), body, Declared::Model).await);
            assert_eq!((&entry["type"], &entry["msg"]), (&json!("json_invalid"), &json!("JSON decode error")));
            assert_eq!(entry["loc"], json!(["body", offset]), "{body}");
            assert!(entry["ctx"]["error"].as_str().is_some_and(|text| !text.contains("line")), "{entry}");
        }
    }

    #[tokio::test]
    async fn a_list_is_no_object_and_its_secrets_are_not_repeated() {
        let entry = entry(read_as(Some("application/json"), r#"[{"client_secret":"x"}]"#, Declared::Model).await);
        assert_eq!(entry["input"], json!([{"client_secret": "**********"}]));
    }
}
