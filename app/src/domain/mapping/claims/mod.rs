//! Claims as the provider sent them: JSON whose numbers keep all digits.
//!
//! A [`Value`] holds numbers in 64 bits, so two subjects of 21 digits could become the same. The `serde_json` feature
//! that keeps digits changes `Value` in the whole process, which a library must not do to its host
//! (docs/adr/0013-claims-keep-their-digits.md). Claims therefore have a value type of their own, parsed from the text.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use super::JsonKind;

mod read;

pub use read::ClaimsError;

/// The claims of one user: an object whose names are unique.
///
/// ```
/// use vestibule_app::domain::mapping::{Claims, ClaimValue};
///
/// let claims = Claims::parse(r#"{"sub": 112233445566778899001}"#).unwrap();
/// assert_eq!(claims.get("sub").unwrap().to_string(), "112233445566778899001");
/// let claims: Claims = [("sub", "ada")].into_iter().collect();
/// assert_eq!(claims.get("sub"), Some(&ClaimValue::from("ada")));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims(BTreeMap<String, ClaimValue>);

/// The value of a claim, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(ClaimNumber),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<ClaimValue>),
    /// An object.
    Object(Claims),
}

/// A number as JSON writes it. Numbers are equal when they are written alike: `1`, `1.0` and `1e0` differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNumber(String);

impl Claims {
    /// No claims.
    pub fn new() -> Claims {
        Claims::default()
    }

    /// The value of the claim with exactly this name.
    pub fn get(&self, name: &str) -> Option<&ClaimValue> {
        self.0.get(name)
    }

    /// Adds a claim, or replaces its value.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<ClaimValue>) {
        self.0.insert(name.into(), value.into());
    }

    /// The claims, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ClaimValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there are no claims.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many claims there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The claims as JSON values; see [`ClaimValue::to_json`] for numbers.
    pub fn to_json(&self) -> Map<String, Value> {
        self.0.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
    }
}

impl ClaimValue {
    /// The kind of the value.
    pub const fn kind(&self) -> JsonKind {
        match self {
            ClaimValue::Null => JsonKind::Null,
            ClaimValue::Bool(_) => JsonKind::Boolean,
            ClaimValue::Number(_) => JsonKind::Number,
            ClaimValue::Text(_) => JsonKind::Text,
            ClaimValue::List(_) => JsonKind::List,
            ClaimValue::Object(_) => JsonKind::Object,
        }
    }

    /// The text, when the value is one.
    pub const fn as_text(&self) -> Option<&str> {
        match self {
            ClaimValue::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The members, when the value is an object.
    pub const fn as_object(&self) -> Option<&Claims> {
        match self {
            ClaimValue::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value as a [`Value`]. A number that would be rounded becomes a text of its digits.
    pub fn to_json(&self) -> Value {
        match self {
            ClaimValue::Null => Value::Null,
            ClaimValue::Bool(is_true) => Value::Bool(*is_true),
            ClaimValue::Number(number) => number.to_json(),
            ClaimValue::Text(text) => Value::String(text.clone()),
            ClaimValue::List(items) => items.iter().map(ClaimValue::to_json).collect(),
            ClaimValue::Object(members) => Value::Object(members.to_json()),
        }
    }
}

impl ClaimNumber {
    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written as an integer: digits with an optional minus.
    pub fn is_whole(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    }

    /// Whether it is zero, however it is written.
    pub fn is_zero(&self) -> bool {
        let digits = self.0.split(['e', 'E']).next().unwrap_or_default();
        !digits.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }

    fn to_json(&self) -> Value {
        let number: Value = serde_json::from_str(&self.0).unwrap_or_default();
        let written = number.to_string();
        if written == self.0 { number } else { Value::String(self.0.clone()) }
    }
}

/// Compact JSON, numbers as they were written.
impl fmt::Display for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClaimValue::Null => f.write_str("null"),
            ClaimValue::Bool(is_true) => write!(f, "{is_true}"),
            ClaimValue::Number(number) => f.write_str(number.as_str()),
            ClaimValue::Text(text) => write!(f, "{}", Value::from(text.as_str())),
            ClaimValue::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            ClaimValue::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{value}", Value::from(name))?;
                }
                f.write_str("}")
            }
        }
    }
}

impl From<&str> for ClaimValue {
    fn from(text: &str) -> ClaimValue {
        ClaimValue::Text(text.to_owned())
    }
}

impl From<String> for ClaimValue {
    fn from(text: String) -> ClaimValue {
        ClaimValue::Text(text)
    }
}

/// A list of texts, as attributes of SAML and LDAP are.
impl From<&[&str]> for ClaimValue {
    fn from(texts: &[&str]) -> ClaimValue {
        ClaimValue::List(texts.iter().map(|text| ClaimValue::from(*text)).collect())
    }
}

/// Numbers beyond 64 bits have lost digits in a [`Value`] already, and are written with an exponent.
impl From<Value> for ClaimValue {
    fn from(value: Value) -> ClaimValue {
        match value {
            Value::Null => ClaimValue::Null,
            Value::Bool(is_true) => ClaimValue::Bool(is_true),
            Value::Number(number) => ClaimValue::Number(ClaimNumber(number.to_string())),
            Value::String(text) => ClaimValue::Text(text),
            Value::Array(items) => ClaimValue::List(items.into_iter().map(ClaimValue::from).collect()),
            Value::Object(members) => ClaimValue::Object(Claims::from(members)),
        }
    }
}

impl From<Map<String, Value>> for Claims {
    fn from(members: Map<String, Value>) -> Claims {
        Claims(members.into_iter().map(|(name, value)| (name, ClaimValue::from(value))).collect())
    }
}

impl<N: Into<String>, V: Into<ClaimValue>> FromIterator<(N, V)> for Claims {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(claims: I) -> Claims {
        Claims(claims.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn claims_are_written_as_they_were_read() {
        for text in [
            r#"{"a":112233445566778899001,"b":[1.0,1e3,-0,true,null],"c":{"d":"x\"y"}}"#,
            "{}",
            r#"{"a":0.1000,"b":[],"c":1E+400}"#,
        ] {
            assert_eq!(ClaimValue::Object(Claims::parse(text).unwrap()).to_string(), text);
        }
    }

    #[test]
    fn a_number_that_json_values_would_round_becomes_a_text() {
        let claims = Claims::parse(r#"{"id":112233445566778899001,"n":42,"half":0.5,"cents":1.10}"#).unwrap();
        let json = Value::Object(claims.to_json()).to_string();
        assert_eq!(json, r#"{"cents":"1.10","half":0.5,"id":"112233445566778899001","n":42}"#);
    }

    #[test]
    fn zero_is_zero_however_it_is_written() {
        let number = |text: &str| ClaimNumber(text.to_owned());
        for zero in ["0", "-0", "0.00", "0e7"] {
            assert!(number(zero).is_zero(), "{zero}");
        }
        for other in ["1", "0.01", "1e-400"] {
            assert!(!number(other).is_zero(), "{other}");
        }
        assert!(number("-12").is_whole());
        assert!(!number("1e3").is_whole() && !number("1.0").is_whole());
    }
}
