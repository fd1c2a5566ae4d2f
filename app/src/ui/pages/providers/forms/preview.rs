//! The live preview: the user that sample claims would make. Runs in the browser; nothing is sent.

use crate::domain::{
    mapping::{
        ClaimValue, ExtraOutcome, FieldOutcome, FieldValue, IdentityOutcome, PreviewError, SkippedClaim, UserMapping,
        decode_id_token, evaluate,
    },
    words::{counted, sentence},
};

/// The result of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// Nothing was pasted.
    Empty,
    /// The pasted text cannot be parsed; holds the reason.
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
    /// Why it stays empty, or which claims were skipped.
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
            extra: outcome.extra.iter().map(extra_row).collect(),
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
            let note = format!("“{claim}” {}. This person cannot sign in.", reason.explain(claim));
            PreviewRow { label, value: None, claim: None, note: Some(note) }
        }
        IdentityOutcome::NotFound { claim: None, .. } => {
            let claims: Vec<&str> = mapping.user_claims().collect();
            let note = match claims.as_slice() {
                [claim] => format!("“{claim}” was not sent. This person cannot sign in."),
                claims => format!("None of these was sent: {}. This person cannot sign in.", claims.join(", ")),
            };
            PreviewRow { label, value: None, claim: None, note: Some(note) }
        }
    }
}

/// A mapped field.
pub fn field_row(outcome: &FieldOutcome) -> PreviewRow {
    let hint = outcome.hint.zip(outcome.claim.as_ref());
    let hint = hint.map(|(hint, claim)| format!("“{claim}” {}.", hint.explain(claim)));
    PreviewRow {
        label: outcome.field.label().to_owned(),
        value: outcome.value.as_ref().map(value_text),
        claim: outcome.claim.clone(),
        note: note(reasons(&outcome.skipped).chain(left_out_of(&outcome.left_out)).chain(hint)),
    }
}

fn extra_row(outcome: &ExtraOutcome) -> PreviewRow {
    let ExtraOutcome { claim, value, left_out } = outcome;
    let (value, why) = match value {
        Ok(ClaimValue::Text(text)) => (Some(text.clone()), None),
        Ok(other) => (Some(other.to_string()), None),
        Err(reason) => (None, Some(format!("“{claim}” {}.", reason.explain(claim)))),
    };
    PreviewRow {
        label: claim.clone(),
        claim: value.is_some().then(|| claim.clone()),
        value,
        note: note(why.into_iter().chain(left_out_of(left_out))),
    }
}

fn note(sentences: impl Iterator<Item = String>) -> Option<String> {
    let note = sentences.collect::<Vec<_>>().join(" ");
    (!note.is_empty()).then_some(note)
}

fn reasons(claims: &[SkippedClaim]) -> impl Iterator<Item = String> + '_ {
    claims.iter().map(|SkippedClaim { claim, reason }| format!("“{claim}” {}.", reason.explain(claim)))
}

/// What is left out of a value, the first few by name.
fn left_out_of(places: &[SkippedClaim]) -> impl Iterator<Item = String> + '_ {
    const NAMED: usize = 3;
    let (named, others) = places.split_at(places.len().min(NAMED));
    let named = reasons(named).map(|reason| format!("Left out: {reason}"));
    let others = (!others.is_empty()).then(|| format!("Also left out: {}.", counted(others.len(), "more item")));
    named.chain(others)
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
    fn a_note_says_what_is_left_out_and_how_else_a_claim_may_be_meant() {
        let mut mapping = UserMapping { extra_fields: Some("big gone".to_owned()), ..UserMapping::default() };
        add_claims(&mut mapping.attributes, UserField::Affiliations, "teams");
        add_claims(&mut mapping.attributes, UserField::Address, "address");
        add_claims(&mut mapping.attributes, UserField::Groups, "list[].name");
        let sample = r#"{"sub":112233445566778899001,"big":{"n":112233445566778899002},"teams":"a,b",
            "address":{"locality":"Town","postal_code":12345,"country":true},
            "list":[{"name":"a"},{},{},{},{},{"name":"b"}]}"#;
        let Preview::Ready { identity, fields, extra } = Preview::of(&mapping, sample) else { panic!("not ready") };
        assert_eq!(identity.value.as_deref(), Some("112233445566778899001"));
        let notes =
            |rows: &[PreviewRow]| rows.iter().map(|row| row.note.clone().unwrap_or_default()).collect::<Vec<_>>();
        assert_eq!(
            notes(&fields),
            [
                "“teams” is taken as one value: if “,” separates several, write teams[,].",
                "Left out: “address.country” is true or false, which this field cannot hold.",
                "Left out: “list[1].name” was not sent by the provider. \
                 Left out: “list[2].name” was not sent by the provider. \
                 Left out: “list[3].name” was not sent by the provider. Also left out: 1 more item.",
            ]
        );
        assert_eq!(fields[1].value.as_deref(), Some("12345, Town"));
        assert_eq!(extra[0].value.as_deref(), Some(r#"{"n":112233445566778899002}"#));
        assert_eq!(notes(&extra)[1], "“gone” was not sent by the provider.");
    }

    #[test]
    fn unreadable_text_says_why() {
        assert_eq!(Preview::of(&mapping(), "  "), Preview::Empty);
        let Preview::Unreadable(why) = Preview::of(&mapping(), "abc") else { panic!("was read") };
        assert!(why.starts_with("This is neither JSON nor an ID token"));
    }
}
