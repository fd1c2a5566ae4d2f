//! Reading one claim's value by the kind of its field.

use serde_json::{Map, Value};

use crate::domain::{
    email_address::is_email_address,
    mapping::{FieldKind, FieldValue, JsonKind, SkipReason, UserField, date::is_calendar_date},
};

/// Reads one claim's value for `field`.
pub(super) fn read(field: UserField, value: &Value) -> Result<FieldValue, SkipReason> {
    let max = field.max_length();
    if field.kind() == FieldKind::List {
        return list(value, max).map(FieldValue::List);
    }
    let value = unwrap_single(value)?;
    let text = match (field.kind(), value) {
        (FieldKind::Address, Value::Object(address)) => address_text(address)?,
        _ => trimmed(plain_text(value)?),
    };
    let text = if field == UserField::CivilNumber { civil_number(text) } else { text };
    match field.kind() {
        FieldKind::Integer => integer(&text).map(FieldValue::Integer),
        FieldKind::Date if text.is_empty() || is_calendar_date(&text) => checked(text, max).map(FieldValue::Text),
        FieldKind::Date => Err(SkipReason::NotADate),
        FieldKind::Gender => gender(&text).map(FieldValue::Text),
        FieldKind::Email => checked(text, max).and_then(email).map(FieldValue::Text),
        FieldKind::Text | FieldKind::Address | FieldKind::List => checked(text, max).map(FieldValue::Text),
    }
}

/// The item of a one-item list, or the value itself.
pub(super) fn unwrap_single(value: &Value) -> Result<&Value, SkipReason> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [] => Err(SkipReason::Empty),
            [item] => Ok(item),
            several => Err(SkipReason::SeveralValues { count: several.len() }),
        },
        value => Ok(value),
    }
}

pub(super) fn plain_text(value: &Value) -> Result<String, SkipReason> {
    match value {
        Value::Null => Err(SkipReason::Empty),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(items) if items.is_empty() => Err(SkipReason::Empty),
        Value::Object(members) if members.is_empty() => Err(SkipReason::Empty),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(SkipReason::WrongKind { found: JsonKind::of(value) })
        }
    }
}

fn trimmed(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// The text, unless it is blank, too long or cannot be stored.
pub(super) fn checked(text: String, max: usize) -> Result<String, SkipReason> {
    if text.trim().is_empty() {
        return Err(SkipReason::Empty);
    }
    if text.contains('\0') {
        return Err(SkipReason::Unstorable);
    }
    // A text has at most as many characters as bytes, so that most are never counted.
    if text.len() > max {
        let length = text.chars().count();
        if length > max {
            return Err(SkipReason::TooLong { length, max });
        }
    }
    Ok(text)
}

fn list(value: &Value, max: usize) -> Result<Vec<String>, SkipReason> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match plain_text(item).and_then(|text| checked(trimmed(text), max)) {
            Ok(text) => texts.push(text),
            Err(SkipReason::Empty) => {}
            Err(reason) => return Err(reason),
        }
    }
    if texts.is_empty() { Err(SkipReason::Empty) } else { Ok(texts) }
}

/// `formatted` if the provider sends it, or else the parts of OpenID Connect Core 1.0, section 5.1.1.
fn address_text(address: &Map<String, Value>) -> Result<String, SkipReason> {
    let part = |name: &str| {
        let text = address.get(name)?.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    };
    if let Some(formatted) = part("formatted") {
        return Ok(formatted.to_owned());
    }
    let parts: Vec<&str> =
        ["street_address", "postal_code", "locality", "region", "country"].into_iter().filter_map(part).collect();
    if parts.is_empty() { Err(SkipReason::Empty) } else { Ok(parts.join(", ")) }
}

fn gender(text: &str) -> Result<String, SkipReason> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" => Err(SkipReason::Empty),
        "male" | "female" | "other" | "unknown" => Ok(lower),
        _ => Err(SkipReason::NotAGender),
    }
}

fn integer(text: &str) -> Result<u32, SkipReason> {
    if text.is_empty() {
        return Err(SkipReason::Empty);
    }
    // `parse` alone would also take "+5".
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().map_err(|_| SkipReason::NotAnInteger) } else { Err(SkipReason::NotAnInteger) }
}

fn email(text: String) -> Result<String, SkipReason> {
    if is_email_address(&text) { Ok(text) } else { Err(SkipReason::NotAnEmail) }
}

/// Country and number of a SCHAC personal unique id; any other text stays as it is.
pub(super) fn civil_number(text: String) -> String {
    const PREFIX: &str = "urn:schac:personalUniqueID:";
    let Some((prefix, rest)) = text.split_at_checked(PREFIX.len()) else {
        return text;
    };
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return text;
    }
    let mut parts = rest.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(country), Some(_), Some(number)) if !number.is_empty() => {
            format!("{}{number}", country.to_ascii_uppercase())
        }
        _ => text,
    }
}
