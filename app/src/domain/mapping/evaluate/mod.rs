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

use self::read::{checked, civil_number, plain_text, read, unwrap_single};
use super::{Evaluation, FieldOutcome, FieldValue, IdentityOutcome, SkipReason, SkippedClaim, UserField, UserMapping};

mod read;

/// The longest identity accepted, in characters. OpenID Connect allows 255 for `sub`; SAML and LDAP need more.
pub const IDENTITY_MAX_LENGTH: usize = 512;

/// Applies `mapping` to `claims`. Never fails: what cannot be used is named in the outcome.
pub fn evaluate(mapping: &UserMapping, claims: &Map<String, Value>) -> Evaluation {
    let fields = mapping.attributes.iter().map(|(field, names)| fill(field, names, claims)).collect();
    let extra = mapping
        .extra_claims()
        .filter_map(|name| Some((name, find_claim(claims, name)?)))
        .filter(|(_, value)| is_truthy(value))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    Evaluation { identity: identify(mapping, claims), fields, extra }
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
        return IdentityOutcome::NotFound { claim: None, reason: SkipReason::Missing };
    };
    match unwrap_single(value).and_then(plain_text).and_then(|text| checked(text, IDENTITY_MAX_LENGTH)) {
        Ok(text) if mapping.user_field == UserField::CivilNumber.as_str() => {
            IdentityOutcome::Found { claim: name.to_owned(), value: civil_number(text) }
        }
        Ok(text) => IdentityOutcome::Found { claim: name.to_owned(), value: text },
        Err(reason) => IdentityOutcome::NotFound { claim: Some(name.to_owned()), reason },
    }
}

/// Reads one text for a field, by the same rules as a claim that holds it.
///
/// # Errors
///
/// Why the field cannot hold it.
pub fn read_text(field: UserField, text: &str) -> Result<FieldValue, SkipReason> {
    read(field, &Value::from(text))
}

fn fill(field: UserField, names: &[String], claims: &Map<String, Value>) -> FieldOutcome {
    let mut skipped = Vec::new();
    for name in names {
        let read = find_claim(claims, name).ok_or(SkipReason::Missing).and_then(|value| read(field, value));
        match read {
            Ok(value) => {
                return FieldOutcome { field, value: Some(value), claim: Some(name.clone()), skipped };
            }
            Err(reason) => skipped.push(SkippedClaim { claim: name.clone(), reason }),
        }
    }
    FieldOutcome { field, value: None, claim: None, skipped }
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
