//! What an evaluation says: the identity, a value for each mapped field, and why a claim was passed over.
//!
//! Reasons never repeat a claim's value: they may end up in a log, the values must not.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{JsonKind, UserField};

/// The outcome of applying a [`super::UserMapping`] to a set of claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Who the user is.
    pub identity: IdentityOutcome,
    /// One entry for each mapped field, in field order.
    pub fields: Vec<FieldOutcome>,
    /// The extra claims that were present and not empty.
    pub extra: Map<String, Value>,
}

impl Evaluation {
    /// The value found for `field`.
    pub fn value(&self, field: UserField) -> Option<&FieldValue> {
        self.fields.iter().find(|outcome| outcome.field == field)?.value.as_ref()
    }

    /// The fields that got a value, in field order.
    pub fn values(&self) -> impl Iterator<Item = (UserField, &FieldValue)> {
        self.fields.iter().filter_map(|outcome| Some((outcome.field, outcome.value.as_ref()?)))
    }
}

/// Whether the claims say who the user is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum IdentityOutcome {
    /// The claim that identifies the user, and its value.
    Found {
        /// The claim used.
        claim: String,
        /// Its value.
        value: String,
    },
    /// The user cannot be identified.
    NotFound {
        /// The claim that was present but not usable; `None` when no claim was present.
        claim: Option<String>,
        /// What is wrong.
        reason: SkipReason,
    },
}

impl IdentityOutcome {
    /// The identity, if there is one.
    pub fn value(&self) -> Option<&str> {
        match self {
            IdentityOutcome::Found { value, .. } => Some(value),
            IdentityOutcome::NotFound { .. } => None,
        }
    }
}

/// What became of one mapped field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOutcome {
    /// The field.
    pub field: UserField,
    /// The value to store; `None` leaves the stored value alone.
    pub value: Option<FieldValue>,
    /// The claim the value came from.
    pub claim: Option<String>,
    /// The claims passed over before that, in order.
    pub skipped: Vec<SkippedClaim>,
}

/// A value that fits its field's kind and length.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// For the kinds text, e-mail, address, date and gender.
    Text(String),
    /// For lists; never empty.
    List(Vec<String>),
    /// For integers.
    Integer(u32),
}

impl FieldValue {
    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            FieldValue::Text(text) => Value::from(text.as_str()),
            FieldValue::List(items) => Value::from(items.as_slice()),
            FieldValue::Integer(number) => Value::from(*number),
        }
    }

    /// The text, when the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            FieldValue::Text(text) => Some(text),
            FieldValue::List(_) | FieldValue::Integer(_) => None,
        }
    }
}

/// A claim that was passed over, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedClaim {
    /// The claim as the mapping names it.
    pub claim: String,
    /// Why it was passed over.
    pub reason: SkipReason,
}

/// Why a claim's value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum SkipReason {
    /// The provider did not send the claim.
    Missing,
    /// The value is null, blank, an empty list or an object with nothing usable in it.
    Empty,
    /// The value has a kind the field cannot hold.
    WrongKind {
        /// What was sent.
        found: JsonKind,
    },
    /// A list with several items, for a field that holds one value.
    SeveralValues {
        /// How many items were sent.
        count: usize,
    },
    /// The value is longer than the field.
    TooLong {
        /// Its length in characters.
        length: usize,
        /// The longest allowed.
        max: usize,
    },
    /// The text holds a NUL character, which databases cannot store.
    Unstorable,
    /// No calendar date written `YYYY-MM-DD`.
    NotADate,
    /// Not one of the four genders.
    NotAGender,
    /// No e-mail address.
    NotAnEmail,
    /// No whole number from 0 to 4294967295.
    NotAnInteger,
}

impl SkipReason {
    /// The reason in plain words, as a clause that follows the claim's name.
    pub fn explain(&self) -> String {
        match self {
            SkipReason::Missing => "was not sent by the provider".to_owned(),
            SkipReason::Empty => "is empty".to_owned(),
            SkipReason::WrongKind { found } => format!("is {found}, which this field cannot hold"),
            SkipReason::SeveralValues { count } => {
                format!("has {count} values, and this field holds one")
            }
            SkipReason::TooLong { length, max } => {
                format!("has {length} characters, and this field holds {max}")
            }
            SkipReason::Unstorable => "holds a NUL character, which cannot be stored".to_owned(),
            SkipReason::NotADate => "is not a calendar date written YYYY-MM-DD".to_owned(),
            SkipReason::NotAGender => "is not one of male, female, other and unknown".to_owned(),
            SkipReason::NotAnEmail => "is not an e-mail address".to_owned(),
            SkipReason::NotAnInteger => "is not a whole number from 0 to 4294967295".to_owned(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn values_travel_as_plain_json() {
        for (value, json) in [
            (FieldValue::Text("2000-01-01".to_owned()), r#""2000-01-01""#),
            (FieldValue::List(vec!["a".to_owned()]), r#"["a"]"#),
            (FieldValue::Integer(50_000), "50000"),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<FieldValue>(json).unwrap(), value);
            assert_eq!(value.to_json().to_string(), json);
        }
    }

    #[test]
    fn reasons_read_as_a_clause() {
        let reason = SkipReason::WrongKind { found: JsonKind::List };
        assert_eq!(reason.explain(), "is a list, which this field cannot hold");
        assert_eq!(serde_json::to_string(&reason).unwrap(), r#"{"reason":"wrong_kind","found":"list"}"#);
    }
}
