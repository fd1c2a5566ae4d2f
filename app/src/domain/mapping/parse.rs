//! Parses an attribute mapping and reports all problems at once.
//!
//! Problems are values; each dialect words them itself.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use thiserror::Error;

use super::{AttributeMapping, JsonKind, UserField};

/// What is wrong with a received attribute mapping.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingProblem {
    /// The mapping is `null`.
    #[error("the attribute mapping is null")]
    Null,
    /// The mapping is not an object.
    #[error("the attribute mapping must be an object, not {found}")]
    NotAnObject {
        /// What was sent.
        found: JsonKind,
    },
    /// Keys that are not user fields, or not ones that the writer may map, in alphabetical order.
    #[error("unknown user fields in the attribute mapping: {}", .names.join(", "))]
    UnknownFields {
        /// The keys as received.
        names: Vec<String>,
    },
    /// The value of a field is not a string.
    #[error("the claims for {field} must be text, not {found}")]
    NotAString {
        /// The field.
        field: UserField,
        /// What was sent.
        found: JsonKind,
    },
    /// The value of a field is empty or white space.
    #[error("no claim is named for {field}")]
    Blank {
        /// The field.
        field: UserField,
    },
}

impl AttributeMapping {
    /// Parses a mapping of any user fields.
    ///
    /// # Errors
    ///
    /// All problems: unknown keys first, together in one problem, then the others in field order.
    pub fn parse(value: &Value) -> Result<AttributeMapping, Vec<MappingProblem>> {
        AttributeMapping::parse_only(value, |_| true)
    }

    /// Parses a mapping of those user fields for which `known` returns true; other fields count as unknown.
    ///
    /// # Errors
    ///
    /// As [`AttributeMapping::parse`].
    pub fn parse_only(
        value: &Value,
        mut known: impl FnMut(UserField) -> bool,
    ) -> Result<AttributeMapping, Vec<MappingProblem>> {
        let object = match value {
            Value::Object(object) => object,
            Value::Null => return Err(vec![MappingProblem::Null]),
            other => {
                return Err(vec![MappingProblem::NotAnObject { found: JsonKind::of(other) }]);
            }
        };

        let mut names: Vec<String> =
            object.keys().filter(|name| !name.parse::<UserField>().is_ok_and(&mut known)).cloned().collect();
        names.sort_unstable();
        let mut problems = Vec::new();
        if !names.is_empty() {
            problems.push(MappingProblem::UnknownFields { names });
        }

        let mut mapping = AttributeMapping::new();
        for field in UserField::ALL {
            match object.get(field.as_str()) {
                None => {}
                Some(_) if !known(field) => {}
                Some(Value::String(claims)) if claims.trim().is_empty() => {
                    problems.push(MappingProblem::Blank { field });
                }
                Some(Value::String(claims)) => mapping.set(field, claims),
                Some(other) => problems.push(MappingProblem::NotAString { field, found: JsonKind::of(other) }),
            }
        }
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }
}

impl<'de> Deserialize<'de> for AttributeMapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AttributeMapping, D::Error> {
        let value = Value::deserialize(deserializer)?;
        AttributeMapping::parse(&value).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            serde::de::Error::custom(words.join("; "))
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn collects_every_problem() {
        let sent = json!({"zip": "a", "color": "b", "email": 7, "gender": " ", "first_name": "given_name"});
        assert_eq!(
            AttributeMapping::parse(&sent).unwrap_err(),
            [
                MappingProblem::UnknownFields { names: vec!["color".to_owned(), "zip".to_owned()] },
                MappingProblem::NotAString { field: UserField::Email, found: JsonKind::Number },
                MappingProblem::Blank { field: UserField::Gender },
            ]
        );
    }

    #[test]
    fn distinguishes_null_from_other_wrong_types() {
        assert_eq!(AttributeMapping::parse(&json!(null)).unwrap_err(), [MappingProblem::Null]);
        assert_eq!(
            AttributeMapping::parse(&json!([])).unwrap_err(),
            [MappingProblem::NotAnObject { found: JsonKind::List }]
        );
    }

    #[test]
    fn a_dialect_can_narrow_the_known_fields() {
        let sent = json!({"groups": "groups"});
        assert!(AttributeMapping::parse(&sent).is_ok());
        assert_eq!(
            AttributeMapping::parse_only(&sent, |field| field != UserField::Groups).unwrap_err(),
            [MappingProblem::UnknownFields { names: vec!["groups".to_owned()] }]
        );
    }
}
