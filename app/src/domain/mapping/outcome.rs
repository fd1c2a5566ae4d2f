//! The result of an evaluation: the identity, a value for each mapped field, and why claims were skipped.
//!
//! Reasons never contain a claim's value: reasons may be logged, values must not be.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ClaimValue, Claims, JsonKind, UserField, path::MAX_STEPS};
use crate::domain::words::counted;

/// The result of applying a [`super::UserMapping`] to claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The user's identity.
    pub identity: IdentityOutcome,
    /// One entry for each mapped field, in field order.
    pub fields: Vec<FieldOutcome>,
    /// One entry for each extra claim, in the order of the mapping.
    pub extra: Vec<ExtraOutcome>,
}

impl Evaluation {
    /// The value of `field`.
    pub fn value(&self, field: UserField) -> Option<&FieldValue> {
        self.fields.iter().find(|outcome| outcome.field == field)?.value.as_ref()
    }

    /// The fields that have a value, in field order.
    pub fn values(&self) -> impl Iterator<Item = (UserField, &FieldValue)> {
        self.fields.iter().filter_map(|outcome| Some((outcome.field, outcome.value.as_ref()?)))
    }

    /// The extra claims to keep with the user, by their names in the mapping.
    pub fn kept(&self) -> Claims {
        let kept = self.extra.iter().filter_map(|outcome| Some((outcome.claim.as_str(), outcome.value.clone().ok()?)));
        kept.collect()
    }
}

/// Whether the claims identify the user.
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
        /// Why it cannot be used.
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

/// The result for a mapped field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOutcome {
    /// The field.
    pub field: UserField,
    /// The value to store; `None` leaves the stored value unchanged.
    pub value: Option<FieldValue>,
    /// The claim the value came from.
    pub claim: Option<String>,
    /// The claims skipped before that, in order.
    pub skipped: Vec<SkippedClaim>,
    /// Items left out of that claim, each by its position.
    pub left_out: Vec<SkippedClaim>,
    /// Another possible meaning of the claim.
    pub hint: Option<Hint>,
}

/// The result for an extra claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraOutcome {
    /// The claim as the mapping writes it.
    pub claim: String,
    /// The value to keep, as it was sent, or why there is none.
    pub value: Result<ClaimValue, SkipReason>,
    /// Items that its path left out.
    pub left_out: Vec<SkippedClaim>,
}

/// A value that fits the kind and the length of its field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// For the kinds text, email, address, date and gender.
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

/// A skipped claim with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedClaim {
    /// The claim as the mapping writes it.
    pub claim: String,
    /// Why it was skipped.
    pub reason: SkipReason,
}

/// Why a claim's value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum SkipReason {
    /// The provider did not send the claim.
    Missing,
    /// The provider left the claim out because the user is in too many groups.
    TooManyGroups {
        /// The claim that indicates it.
        sign: String,
    },
    /// The provider refers to another party for the claim.
    Elsewhere,
    /// The value is null, blank, an empty list or an empty object.
    Empty,
    /// An extra claim whose value is null, false, zero or empty.
    NotKept,
    /// The value is of a kind that the field cannot hold.
    WrongKind {
        /// The kind of the value.
        found: JsonKind,
    },
    /// A list of objects, for a field that holds text.
    ListOfObjects {
        /// Paths to members that hold text, to be appended to the name.
        choices: Vec<String>,
    },
    /// A text that contains a list or an object in JSON.
    JsonText,
    /// A list with several items, for a field that holds one value.
    SeveralValues {
        /// How many items were sent.
        count: usize,
    },
    /// The path enters a value to which the next step does not apply.
    LeadsInto(Box<Obstacle>),
    /// The path selects an item beyond the end of a list.
    NoSuchItem {
        /// The item, counted from 0.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// The path has a step that does not exist.
    NotAStep {
        /// The path from that step on.
        step: String,
    },
    /// The path has more steps than the limit.
    TooManySteps,
    /// The path parses a text as JSON, and it is not JSON.
    NotJson,
    /// A number with a fraction or an exponent, for an identity.
    NotAWholeNumber,
    /// An object without any part of an address.
    NotAnAddress,
    /// A member of an address that OpenID Connect does not define.
    NotAnAddressPart,
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
    /// No email address.
    NotAnEmail,
    /// Several email addresses in one text.
    SeveralEmails {
        /// The separator.
        by: char,
    },
    /// No whole number from 0 to 4294967295.
    NotAnInteger,
}

/// Where a path fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// The path up to that place.
    pub place: String,
    /// The kind of value there.
    pub found: JsonKind,
    /// A path that works.
    pub write: Option<String>,
}

impl SkipReason {
    /// The reason as a clause that follows the name of `claim`.
    pub fn explain(&self, claim: &str) -> String {
        match self {
            SkipReason::Missing => "was not sent by the provider".to_owned(),
            SkipReason::TooManyGroups { sign } => format!(
                "was left out by the provider: too many groups ({sign}). Have it send only the groups that are \
                 assigned to this application"
            ),
            SkipReason::Elsewhere => {
                "was left out by the provider, which refers to another source for it (_claim_names)".to_owned()
            }
            SkipReason::Empty => "is empty".to_owned(),
            SkipReason::NotKept => "is null, false, zero or empty".to_owned(),
            SkipReason::WrongKind { found: JsonKind::Object } => format!(
                "is an object, which this field cannot hold: choose a member, as in {claim}.name, or take the names \
                 of its members with {claim}{{}}"
            ),
            SkipReason::WrongKind { found } => format!("is {found}, which this field cannot hold"),
            SkipReason::ListOfObjects { choices } if choices.is_empty() => {
                format!("is a list of objects: choose one of their members, as in {claim}[].name")
            }
            SkipReason::ListOfObjects { choices } => {
                let choices: Vec<String> = choices.iter().map(|choice| format!("{claim}{choice}")).collect();
                format!("is a list of objects: choose one of their members, such as {}", choices.join(", "))
            }
            SkipReason::JsonText => format!("is JSON written as a text: read it with {claim}[json]"),
            SkipReason::SeveralValues { count } if claim.contains("[]") => {
                format!("has {count} values, and this field holds one")
            }
            SkipReason::SeveralValues { count } => {
                format!("has {count} values, and this field holds one: take the first with {claim}[0]")
            }
            SkipReason::LeadsInto(obstacle) => {
                let Obstacle { place, found, write } = &**obstacle;
                let write = write.as_ref().map(|write| format!(": write {write}")).unwrap_or_default();
                format!("leads into “{place}”, which is {found}{write}")
            }
            SkipReason::NoSuchItem { index, count } => {
                format!("asks for item {index}, counted from 0, of a list of {}", counted(*count, "item"))
            }
            SkipReason::NotAStep { step } => format!("ends in “{step}”, which is no step of a path"),
            SkipReason::TooManySteps => format!("has more than {MAX_STEPS} steps"),
            SkipReason::NotJson => "is not JSON written as a text".to_owned(),
            SkipReason::NotAWholeNumber => {
                "is a number with a fraction or an exponent, which does not identify anybody: have it sent as text"
                    .to_owned()
            }
            SkipReason::NotAnAddress => {
                "is an object without formatted, street_address, postal_code, locality, region and country".to_owned()
            }
            SkipReason::NotAnAddressPart => "is no part of an address in OpenID Connect".to_owned(),
            SkipReason::TooLong { length, max } => {
                format!("has {length} characters, and this field holds {max}")
            }
            SkipReason::Unstorable => "holds a NUL character, which cannot be stored".to_owned(),
            SkipReason::NotADate => "is not a calendar date written YYYY-MM-DD".to_owned(),
            SkipReason::NotAGender => "is not one of male, female, other and unknown".to_owned(),
            SkipReason::NotAnEmail => "is not an email address".to_owned(),
            SkipReason::SeveralEmails { by } => {
                let step = Hint::separator(*by);
                format!("holds several email addresses in one text: take the first with {claim}{step}[0]")
            }
            SkipReason::NotAnInteger => "is not a whole number from 0 to 4294967295".to_owned(),
        }
    }
}

/// Another possible meaning of a value that was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "hint")]
pub enum Hint {
    /// The text contains a list or an object in JSON.
    JsonText,
    /// The text may contain several values.
    Separated {
        /// The possible separator.
        by: char,
    },
}

impl Hint {
    /// The hint as a clause that follows the name of `claim`.
    pub fn explain(self, claim: &str) -> String {
        match self {
            Hint::JsonText => format!("is JSON written as a text, and taken as it is: read it with {claim}[json]"),
            Hint::Separated { by } => {
                let what = if by == ' ' { "a space".to_owned() } else { format!("“{by}”") };
                format!("is taken as one value: if {what} separates several, write {claim}{}", Hint::separator(by))
            }
        }
    }

    /// The path step that splits a text at a separator.
    fn separator(by: char) -> String {
        if by == ' ' { "[space]".to_owned() } else { format!("[{by}]") }
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
        assert_eq!(reason.explain("a"), "is a list, which this field cannot hold");
        assert_eq!(serde_json::to_string(&reason).unwrap(), r#"{"reason":"wrong_kind","found":"list"}"#);
    }
}
