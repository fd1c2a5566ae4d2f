//! The rules from claims to values.
//!
//! For each field the claims are tried in order, and the first one with a usable value wins. An empty value never
//! clears a field: it is passed over like a missing one. The rules by kind:
//!
//! - A one-item list stands for its item; a longer list fits only a list field, and a single text there becomes a
//!   one-item list. In a list, empty items are dropped and one unusable item makes the whole claim unusable.
//! - Text is trimmed. Numbers become text as JSON writes them; booleans do not, since "true" names nobody.
//! - A gender is lower-cased; only `male`, `female`, `other` and `unknown` count. ISO/IEC 5218 digits and translations
//!   are passed over: guessing at a person's record is worse than leaving it empty.
//! - A civil number written as `urn:schac:personalUniqueID:EE:EST:600…` becomes `EE600…`.
//! - An address object gives its `formatted` member, or else its parts joined by commas.
//! - An integer may be written as digits.
//!
//! A claim of exactly the written name comes first (`https://acme.example/email`). Only without one do dots walk into
//! objects (`address.country`), at each step by the longest member name that fits.

use serde_json::{Map, Value};

use super::{
    Evaluation, FieldKind, FieldOutcome, FieldValue, IdentityOutcome, JsonKind, SkipReason,
    SkippedClaim, UserField, UserMapping, date::is_calendar_date,
};

/// The longest identity accepted, in characters. OpenID Connect allows 255 for `sub`; SAML and LDAP need more.
pub const IDENTITY_MAX_LENGTH: usize = 512;

/// Applies `mapping` to `claims`. Never fails: what cannot be used is named in the outcome.
pub fn evaluate(mapping: &UserMapping, claims: &Map<String, Value>) -> Evaluation {
    let fields = mapping
        .attributes
        .iter()
        .map(|(field, names)| fill(field, names, claims))
        .collect();
    let extra = mapping
        .extra_claims()
        .filter_map(|name| Some((name, find_claim(claims, name)?)))
        .filter(|(_, value)| is_truthy(value))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    Evaluation {
        identity: identify(mapping, claims),
        fields,
        extra,
    }
}

/// Finds the identity in the first claim that is present.
///
/// Unlike for fields, an unusable claim ends the search: falling back to another claim could sign in somebody else.
/// The value is not trimmed, since the provider's subject is compared byte by byte.
fn identify(mapping: &UserMapping, claims: &Map<String, Value>) -> IdentityOutcome {
    let present = mapping.user_claims().find_map(|name| {
        let value = find_claim(claims, name)?;
        (!value.is_null()).then_some((name, value))
    });
    let Some((name, value)) = present else {
        return IdentityOutcome::NotFound {
            claim: None,
            reason: SkipReason::Missing,
        };
    };
    match unwrap_single(value)
        .and_then(plain_text)
        .and_then(|text| checked(text, IDENTITY_MAX_LENGTH))
    {
        Ok(text) if mapping.user_field == UserField::CivilNumber.as_str() => {
            IdentityOutcome::Found {
                claim: name.to_owned(),
                value: civil_number(text),
            }
        }
        Ok(text) => IdentityOutcome::Found {
            claim: name.to_owned(),
            value: text,
        },
        Err(reason) => IdentityOutcome::NotFound {
            claim: Some(name.to_owned()),
            reason,
        },
    }
}

fn fill(field: UserField, names: &[String], claims: &Map<String, Value>) -> FieldOutcome {
    let mut skipped = Vec::new();
    for name in names {
        let read = find_claim(claims, name)
            .ok_or(SkipReason::Missing)
            .and_then(|value| read(field, value));
        match read {
            Ok(value) => {
                return FieldOutcome {
                    field,
                    value: Some(value),
                    claim: Some(name.clone()),
                    skipped,
                };
            }
            Err(reason) => skipped.push(SkippedClaim {
                claim: name.clone(),
                reason,
            }),
        }
    }
    FieldOutcome {
        field,
        value: None,
        claim: None,
        skipped,
    }
}

/// Reads one claim's value for `field`.
fn read(field: UserField, value: &Value) -> Result<FieldValue, SkipReason> {
    let max = field.max_length();
    if field.kind() == FieldKind::List {
        return list(value, max).map(FieldValue::List);
    }
    let value = unwrap_single(value)?;
    let text = match (field.kind(), value) {
        (FieldKind::Address, Value::Object(address)) => address_text(address)?,
        _ => trimmed(plain_text(value)?),
    };
    let text = if field == UserField::CivilNumber {
        civil_number(text)
    } else {
        text
    };
    match field.kind() {
        FieldKind::Integer => integer(&text).map(FieldValue::Integer),
        FieldKind::Date if text.is_empty() || is_calendar_date(&text) => {
            checked(text, max).map(FieldValue::Text)
        }
        FieldKind::Date => Err(SkipReason::NotADate),
        FieldKind::Gender => gender(&text).map(FieldValue::Text),
        FieldKind::Email => checked(text, max).and_then(email).map(FieldValue::Text),
        FieldKind::Text | FieldKind::Address | FieldKind::List => {
            checked(text, max).map(FieldValue::Text)
        }
    }
}

/// The claim of exactly that name, or else the value its dots lead to.
fn find_claim<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let (mut object, mut rest) = (claims, name);
    loop {
        if let Some(value) = object.get(rest) {
            return Some(value);
        }
        // The longest name that leads to an object, without trying again: linear in the length of the name.
        (object, rest) = rest.rmatch_indices('.').find_map(|(dot, _)| {
            let inner = object.get(&rest[..dot])?.as_object()?;
            Some((inner, &rest[dot + 1..]))
        })?;
    }
}

/// The item of a one-item list, or the value itself.
fn unwrap_single(value: &Value) -> Result<&Value, SkipReason> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [] => Err(SkipReason::Empty),
            [item] => Ok(item),
            several => Err(SkipReason::SeveralValues {
                count: several.len(),
            }),
        },
        value => Ok(value),
    }
}

fn plain_text(value: &Value) -> Result<String, SkipReason> {
    match value {
        Value::Null => Err(SkipReason::Empty),
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(items) if items.is_empty() => Err(SkipReason::Empty),
        Value::Object(members) if members.is_empty() => Err(SkipReason::Empty),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(SkipReason::WrongKind {
            found: JsonKind::of(value),
        }),
    }
}

fn trimmed(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        text
    } else {
        trimmed.to_owned()
    }
}

/// The text, unless it is blank, too long or cannot be stored.
fn checked(text: String, max: usize) -> Result<String, SkipReason> {
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
    if texts.is_empty() {
        Err(SkipReason::Empty)
    } else {
        Ok(texts)
    }
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
    let parts: Vec<&str> = [
        "street_address",
        "postal_code",
        "locality",
        "region",
        "country",
    ]
    .into_iter()
    .filter_map(part)
    .collect();
    if parts.is_empty() {
        Err(SkipReason::Empty)
    } else {
        Ok(parts.join(", "))
    }
}

fn gender(text: &str) -> Result<String, SkipReason> {
    let lower = text.to_lowercase();
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
    if digits {
        text.parse().map_err(|_| SkipReason::NotAnInteger)
    } else {
        Err(SkipReason::NotAnInteger)
    }
}

/// Only what no address lacks is asked for: proof that an address works is a message to it.
fn email(text: String) -> Result<String, SkipReason> {
    let fits = text
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if fits && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        Ok(text)
    } else {
        Err(SkipReason::NotAnEmail)
    }
}

/// Country and number of a SCHAC personal unique id; any other text stays as it is.
fn civil_number(text: String) -> String {
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

/// Whether Waldur would keep the value among a user's details: anything but null, false, zero and emptiness.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests;
