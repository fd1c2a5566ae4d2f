//! Request bodies: JSON, URL-encoded forms and multipart forms, all read into one JSON object.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::{HeaderValue, header},
};
use serde_json::{Map, Value};

use super::error::{FieldErrors, NON_FIELD, Refusal, Result};
use crate::request::{media_type, read_body};

/// The fields of a request: names to values.
pub(super) type Input = Map<String, Value>;

/// Reads the body of a request. An empty one has no fields, whatever its media type.
pub(super) async fn read(request: Request) -> Result<Input> {
    let content_type = request.headers().get(header::CONTENT_TYPE).cloned();
    let kind = media_type(request.headers());
    let body = read_body(request).await?;
    if body.is_empty() {
        return Ok(Input::new());
    }
    match (kind.as_str(), &content_type) {
        ("application/json", _) => from_json(&body),
        ("application/x-www-form-urlencoded", _) => {
            Ok(from_form(url::form_urlencoded::parse(&body).into_owned().collect()))
        }
        ("multipart/form-data", Some(content_type)) => from_multipart(content_type.clone(), body.into()).await,
        _ => {
            let given = content_type.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
            Err(Refusal::MediaType(given.to_owned()))
        }
    }
}

fn from_json(body: &[u8]) -> Result<Input> {
    let value =
        serde_json::from_slice(body).map_err(|error| Refusal::Unparsable(format!("JSON parse error - {error}")))?;
    let message = match value {
        Value::Object(input) => return Ok(input),
        Value::Null => "No data provided".to_owned(),
        other => format!("Invalid data. Expected a dictionary, but got {}.", type_name(&other)),
    };
    Err(Refusal::Fields(FieldErrors::one(NON_FIELD, message)))
}

async fn from_multipart(content_type: HeaderValue, body: axum::body::Body) -> Result<Input> {
    let broken = |text: String| Refusal::Unparsable(format!("Multipart form parse error - {text}"));
    let mut request = Request::new(body);
    request.headers_mut().insert(header::CONTENT_TYPE, content_type);
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| broken(error.body_text()))?;
    let mut pairs = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| broken(error.body_text()))? {
        // Files are nothing that any field could take.
        let (Some(name), None) = (part.name().map(str::to_owned), part.file_name()) else { continue };
        pairs.push((name, part.text().await.map_err(|error| broken(error.body_text()))?));
    }
    Ok(from_form(pairs))
}

const LISTS: [&str; 2] = ["protected_fields", "allowed_redirects"];
/// Fields that a form may leave blank to say nothing about them.
const SILENT_WHEN_BLANK: [&str; 6] =
    ["is_active", "verify_ssl", "enable_post_logout_redirect", "enable_pkce", "user_field", "user_claim"];

/// A form knows only text: lists are repeated or numbered names, and the mapping is JSON in a text.
fn from_form(pairs: Vec<(String, String)>) -> Input {
    let mut input = Input::new();
    for name in LISTS {
        let mut items: Vec<_> = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
        if items.is_empty() {
            items = numbered(&pairs, name);
        }
        if !items.is_empty() {
            input.insert(name.to_owned(), items.into());
        }
    }
    for (name, value) in pairs {
        if LISTS.contains(&name.as_str()) || (value.is_empty() && SILENT_WHEN_BLANK.contains(&name.as_str())) {
            continue;
        }
        let value = match name.as_str() {
            "attribute_mapping" => serde_json::from_str(&value).unwrap_or(Value::String(value)),
            _ => Value::String(value),
        };
        input.insert(name, value);
    }
    input
}

/// The values of `name[0]`, `name[1]` and so on, in the order of their numbers.
fn numbered(pairs: &[(String, String)], name: &str) -> Vec<String> {
    let number = |key: &str| key.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?.parse::<u32>().ok();
    let mut items: Vec<_> =
        pairs.iter().filter_map(|(key, value)| number(key).map(|number| (number, value.clone()))).collect();
    items.sort_by_key(|(number, _)| *number);
    items.into_iter().map(|(_, value)| value).collect()
}

/// The name that Waldur's messages give to a JSON type.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    async fn read_as(content_type: &str, body: &str) -> Result<Value> {
        let request = axum::http::Request::builder()
            .header(header::CONTENT_TYPE, content_type)
            .body(axum::body::Body::from(body.to_owned()))
            .unwrap();
        read(request).await.map(Value::Object)
    }

    #[tokio::test]
    async fn json_is_read_whatever_its_parameters() {
        for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
            assert_eq!(read_as(content_type, r#"{"a":1}"#).await, Ok(json!({"a": 1})), "{content_type}");
        }
    }

    #[tokio::test]
    async fn an_empty_body_says_nothing_whatever_its_type() {
        assert_eq!(read_as("text/plain", "").await, Ok(json!({})));
    }

    #[tokio::test]
    async fn other_types_are_refused() {
        for content_type in ["text/plain", "application/vnd.api+json", ""] {
            let expected = Err(Refusal::MediaType(content_type.to_owned()));
            assert_eq!(read_as(content_type, "{}").await, expected, "{content_type}");
        }
    }

    #[tokio::test]
    async fn json_that_is_no_object_is_named() {
        for (body, name) in [("[]", "list"), ("\"x\"", "str"), ("5", "int"), ("1.5", "float"), ("true", "bool")] {
            let message = format!("Invalid data. Expected a dictionary, but got {name}.");
            let expected = Err(Refusal::Fields(FieldErrors::one(NON_FIELD, message)));
            assert_eq!(read_as("application/json", body).await, expected, "{body}");
        }
        let expected = Err(Refusal::Fields(FieldErrors::one(NON_FIELD, "No data provided")));
        assert_eq!(read_as("application/json", "null").await, expected);
    }

    #[tokio::test]
    async fn broken_json_is_refused() {
        for body in ["{", "{\"a\":NaN}", "\u{1}"] {
            let Err(Refusal::Unparsable(text)) = read_as("application/json", body).await else {
                panic!("{body} was read");
            };
            assert!(text.starts_with("JSON parse error - "), "{text}");
        }
    }

    #[tokio::test]
    async fn a_form_carries_lists_and_a_mapping() {
        let body = "label=A+b&protected_fields=x&protected_fields=y&allowed_redirects[1]=d&allowed_redirects[0]=c\
                    &is_active=&user_field=&extra_scope=&attribute_mapping=%7B%22email%22%3A%22mail%22%7D";
        let read = read_as("application/x-www-form-urlencoded", body).await.unwrap();
        assert_eq!(read["label"], "A b");
        assert_eq!(read["protected_fields"], json!(["x", "y"]));
        assert_eq!(read["allowed_redirects"], json!(["c", "d"]));
        assert_eq!(read["attribute_mapping"], json!({"email": "mail"}));
        assert_eq!(read["extra_scope"], "");
        assert_eq!((read.get("is_active"), read.get("user_field")), (None, None));
    }

    #[tokio::test]
    async fn a_multipart_form_is_read_without_its_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"label\"\r\n\r\nhey\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"logo\"; filename=\"a.png\"\r\n\r\n…\r\n--b--\r\n";
        assert_eq!(read_as("multipart/form-data; boundary=b", body).await, Ok(json!({"label": "hey"})));
        assert!(matches!(read_as("multipart/form-data", body).await, Err(Refusal::Unparsable(_))));
    }
}
