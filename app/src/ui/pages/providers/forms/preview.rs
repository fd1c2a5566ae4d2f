//! The live preview: what sample claims would make of a user. Runs in the browser; nothing is sent.

use serde_json::Value;

use crate::domain::{
    mapping::{FieldOutcome, FieldValue, IdentityOutcome, PreviewError, UserMapping, decode_id_token, evaluate},
    words::sentence,
};

/// What the sample would make of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Nothing was pasted.
    Empty,
    /// What was pasted cannot be read; says why.
    Unreadable(String),
    /// What would be stored.
    Ready {
        /// What identifies the user.
        identity: PreviewRow,
        /// The mapped fields.
        fields: Vec<PreviewRow>,
        /// The extra claims.
        extra: Vec<PreviewRow>,
    },
}

/// A field of the user, filled or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// The field in words.
    pub label: String,
    /// What would be stored.
    pub value: Option<String>,
    /// The claim that filled it.
    pub claim: Option<String>,
    /// Why it stays empty, or which claims were passed over.
    pub note: Option<String>,
}

impl Preview {
    /// Applies a mapping to a pasted token or claims.
    pub fn of(mapping: &UserMapping, sample: &str) -> Self {
        let claims = match decode_id_token(sample) {
            Ok(claims) => claims,
            Err(PreviewError::Empty) => return Self::Empty,
            Err(error) => return Self::Unreadable(sentence(&error.to_string())),
        };
        let outcome = evaluate(mapping, &claims);
        Self::Ready {
            identity: identity_row(mapping, &outcome.identity),
            fields: outcome.fields.iter().map(field_row).collect(),
            extra: outcome.extra.iter().map(|(claim, value)| extra_row(claim, value)).collect(),
        }
    }

    /// How many fields get a value, and how many are mapped.
    pub fn filled(&self) -> (usize, usize) {
        match self {
            Self::Ready { fields, .. } => (fields.iter().filter(|row| row.value.is_some()).count(), fields.len()),
            Self::Empty | Self::Unreadable(_) => (0, 0),
        }
    }
}

fn identity_row(mapping: &UserMapping, outcome: &IdentityOutcome) -> PreviewRow {
    let label = mapping.user_field.clone();
    match outcome {
        IdentityOutcome::Found { claim, value } => {
            PreviewRow { label, value: Some(value.clone()), claim: Some(claim.clone()), note: None }
        }
        IdentityOutcome::NotFound { claim: Some(claim), reason } => {
            let note = format!("“{claim}” {}. This person cannot sign in.", reason.explain());
            PreviewRow { label, value: None, claim: None, note: Some(note) }
        }
        IdentityOutcome::NotFound { claim: None, .. } => {
            let claims = mapping.user_claims().collect::<Vec<_>>().join(", ");
            let note = format!("None of these was sent: {claims}. This person cannot sign in.");
            PreviewRow { label, value: None, claim: None, note: Some(note) }
        }
    }
}

fn field_row(outcome: &FieldOutcome) -> PreviewRow {
    let note = outcome
        .skipped
        .iter()
        .map(|skipped| format!("“{}” {}.", skipped.claim, skipped.reason.explain()))
        .collect::<Vec<_>>()
        .join(" ");
    PreviewRow {
        label: outcome.field.label().to_owned(),
        value: outcome.value.as_ref().map(value_text),
        claim: outcome.claim.clone(),
        note: Some(note).filter(|note| !note.is_empty()),
    }
}

fn extra_row(claim: &str, value: &Value) -> PreviewRow {
    let value = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    PreviewRow { label: claim.to_owned(), value: Some(value), claim: Some(claim.to_owned()), note: None }
}

fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::List(items) => items.join(", "),
        FieldValue::Integer(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::mapping::UserField, ui::pages::providers::forms::mapping_change::add_claims};

    fn mapping() -> UserMapping {
        let mut mapping = UserMapping::default();
        add_claims(&mut mapping.attributes, UserField::Email, "mail email");
        add_claims(&mut mapping.attributes, UserField::PhoneNumber, "phone");
        mapping
    }

    #[test]
    fn a_filled_field_names_its_claim_and_an_empty_one_its_reason() {
        let preview = Preview::of(&mapping(), r#"{"sub":"1","email":"ada@example.org"}"#);
        assert_eq!(preview.filled(), (1, 2));
        let Preview::Ready { identity, fields, .. } = preview else { panic!("not ready") };
        assert_eq!(identity.value.as_deref(), Some("1"));
        assert_eq!(fields[0].claim.as_deref(), Some("email"));
        assert_eq!(fields[1].note.as_deref(), Some("“phone” was not sent by the provider."));
    }

    #[test]
    fn without_an_identity_nobody_signs_in() {
        let Preview::Ready { identity, .. } = Preview::of(&mapping(), "{}") else { panic!("not ready") };
        assert!(identity.note.is_some_and(|note| note.contains("cannot sign in")));
    }

    #[test]
    fn unreadable_text_says_why() {
        assert_eq!(Preview::of(&mapping(), "  "), Preview::Empty);
        let Preview::Unreadable(why) = Preview::of(&mapping(), "abc") else { panic!("was read") };
        assert!(why.starts_with("This is neither JSON nor an ID token"));
    }
}
