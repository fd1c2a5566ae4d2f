//! Claims from JSON text.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use thiserror::Error;

use super::{ClaimNumber, ClaimValue, Claims};
use crate::domain::mapping::JsonKind;

/// The nesting limit of `serde_json`. Each level is scanned again, so this also limits the work.
const MAX_DEPTH: usize = 128;

/// Why a text cannot be read as claims.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ClaimsError {
    /// The text is not JSON.
    #[error("this is not valid JSON at line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// The text is JSON, but not an object.
    #[error("this must be an object in JSON, not {found}")]
    NotAnObject {
        /// What was found.
        found: JsonKind,
    },
    /// A name occurs twice in one object (RFC 7519, section 4, allows rejecting this).
    #[error("an object holds “{name}” twice; each name may occur once")]
    Repeated {
        /// The name.
        name: String,
    },
    /// Lists and objects are nested too deeply.
    #[error("lists and objects are nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

impl Claims {
    /// Parses the claims of a JSON text.
    ///
    /// # Errors
    ///
    /// [`ClaimsError`] for text that is not an object, or whose objects repeat a name.
    pub fn parse(text: &str) -> Result<Claims, ClaimsError> {
        match ClaimValue::parse(text)? {
            ClaimValue::Object(claims) => Ok(claims),
            other => Err(ClaimsError::NotAnObject { found: other.kind() }),
        }
    }

    /// Parses the claims of a JSON text given as bytes.
    ///
    /// # Errors
    ///
    /// As [`Claims::parse`]; bytes that are not UTF-8 are not JSON.
    pub fn parse_bytes(json: &[u8]) -> Result<Claims, ClaimsError> {
        let text = std::str::from_utf8(json).map_err(|error| {
            let valid = json.get(..error.valid_up_to()).unwrap_or_default();
            at(&String::from_utf8_lossy(valid), 1, 1)
        })?;
        Claims::parse(text)
    }
}

impl ClaimValue {
    /// Parses any JSON text.
    ///
    /// # Errors
    ///
    /// As [`Claims::parse`].
    pub fn parse(text: &str) -> Result<ClaimValue, ClaimsError> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| not_json(text, text, &error))?;
        read(text, raw, MAX_DEPTH)
    }
}

/// Parses `raw`, a part of `whole`.
fn read(whole: &str, raw: &RawValue, depth: usize) -> Result<ClaimValue, ClaimsError> {
    let text = raw.get();
    let fail = |error| not_json(whole, text, &error);
    let deeper = || depth.checked_sub(1).ok_or(ClaimsError::TooDeep);
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let depth = deeper()?;
            let Members(members) = serde_json::from_str(text).map_err(fail)?;
            let mut claims = Claims::new();
            for (name, value) in members {
                if claims.0.contains_key(&name) {
                    return Err(ClaimsError::Repeated { name });
                }
                claims.0.insert(name, read(whole, value, depth)?);
            }
            ClaimValue::Object(claims)
        }
        Some(b'[') => {
            let depth = deeper()?;
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(fail)?;
            let items = items.into_iter().map(|item| read(whole, item, depth));
            ClaimValue::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => ClaimValue::Text(serde_json::from_str(text).map_err(fail)?),
        Some(b't') => ClaimValue::Bool(true),
        Some(b'f') => ClaimValue::Bool(false),
        Some(b'n') => ClaimValue::Null,
        _ => ClaimValue::Number(ClaimNumber(text.to_owned())),
    })
}

/// The members of an object in the order of the text, repeated names included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'de>, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// The position in `whole` of an error in `part` of it.
fn not_json(whole: &str, part: &str, error: &serde_json::Error) -> ClaimsError {
    let offset = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    at(whole.get(..offset).unwrap_or_default(), error.line(), error.column())
}

/// A position relative to the end of `before`, made relative to its beginning.
fn at(before: &str, line: usize, column: usize) -> ClaimsError {
    let lines = before.matches('\n').count();
    let last = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
    ClaimsError::NotJson { line: lines + line, column: if line == 1 { last + column } else { column } }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_occurs_twice_is_refused() {
        let repeated = |name: &str| Err(ClaimsError::Repeated { name: name.to_owned() });
        assert_eq!(Claims::parse(r#"{"sub":"a","sub":"b"}"#), repeated("sub"));
        assert_eq!(Claims::parse(r#"{"a":[{"b":1,"\u0062":2}]}"#), repeated("b"));
    }

    #[test]
    fn an_error_has_its_position() {
        let error_of = |text: &str| Claims::parse(text).unwrap_err();
        assert_eq!(error_of("{\n\"a\":}"), ClaimsError::NotJson { line: 2, column: 5 });
        // Half of a surrogate pair is detected only when the text itself is decoded.
        assert!(matches!(error_of("{\"a\":\n{\"b\":  \"\\ud800\"}}"), ClaimsError::NotJson { line: 2, column: 12.. }));
        assert_eq!(Claims::parse_bytes(b"{\"a\":\n\"\xff\"}"), Err(ClaimsError::NotJson { line: 2, column: 2 }));
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(Claims::parse(&nested(127)).is_ok());
        assert_eq!(Claims::parse(&nested(128)), Err(ClaimsError::TooDeep));
        assert_eq!(Claims::parse(&nested(100_000)), Err(ClaimsError::TooDeep));
    }
}
