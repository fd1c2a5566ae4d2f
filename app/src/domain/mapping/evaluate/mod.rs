//! The rules from claims to values.
//!
//! For each field the claims are tried in order, and the first one with a usable value wins. An empty value never
//! clears a field: it is skipped like a missing one. The rules by kind:
//!
//! - A one-item list counts as its item. A longer list fits only a list field, and a single text there becomes a
//!   one-item list. In a list, empty items are dropped; unusable ones are left out and reported, and the others stay.
//! - Text is trimmed. Numbers become text with the digits they were sent with; booleans are rejected, since "true" is
//!   not a name.
//! - A gender is lower-cased; only `male`, `female`, `other` and `unknown` are accepted. ISO/IEC 5218 digits and
//!   translations are skipped: a wrong guess in a person's record is worse than an empty field.
//! - A civil number written as `urn:schac:personalUniqueID:EE:EST:600…` becomes `EE600…`.
//! - An address object gives its `formatted` member, or else its parts joined by commas.
//! - An integer may be written as digits.
//!
//! `find` resolves the names.

use self::{
    find::{ResolvedValue, SentClaims},
    read::{ValueReader, checked, civil_number, identifier, plain_text, unwrap_single},
};
use super::{
    ClaimValue, Claims, Evaluation, ExtraOutcome, FieldOutcome, FieldValue, Hint, IdentityOutcome, SkipReason,
    SkippedClaim, UserField, UserMapping,
};

mod find;
mod hint;
mod read;

/// The longest identity accepted, in characters. OpenID Connect allows 255 for `sub`; SAML and LDAP need more.
pub const IDENTITY_MAX_LENGTH: usize = 512;

/// Applies `mapping` to `claims`. Never fails: the outcome says what could not be used.
pub fn evaluate(mapping: &UserMapping, claims: &Claims) -> Evaluation {
    let sent = SentClaims::new(claims);
    let fields = mapping.attributes.iter().map(|(field, names)| fill(field, names, sent)).collect();
    let extra = mapping.extra_claims().map(|name| keep(name, sent)).collect();
    Evaluation { identity: identify(mapping, sent), fields, extra }
}

/// Finds the identity in the first claim that is present.
///
/// Other than for fields, an unusable claim ends the search: falling back to another claim could sign in another user.
/// The value is not trimmed, since providers' subjects are compared byte by byte.
fn identify(mapping: &UserMapping, sent: SentClaims<'_>) -> IdentityOutcome {
    for name in mapping.user_claims() {
        let read = match sent.find(name) {
            Err(SkipReason::Missing) => continue,
            Err(reason) => Err(reason),
            Ok(found) if *found.value == ClaimValue::Null => continue,
            Ok(found) => subject(&found),
        };
        return match read {
            Ok(text) if mapping.user_field == UserField::CivilNumber.as_str() => {
                IdentityOutcome::Found { claim: name.to_owned(), value: civil_number(text) }
            }
            Ok(text) => IdentityOutcome::Found { claim: name.to_owned(), value: text },
            Err(reason) => IdentityOutcome::NotFound { claim: Some(name.to_owned()), reason },
        };
    }
    IdentityOutcome::NotFound { claim: None, reason: SkipReason::Missing }
}

/// The identity in a value. The path must not have left out items, since one of those could have been the identity.
fn subject(found: &ResolvedValue<'_>) -> Result<String, SkipReason> {
    if let Some(left_out) = found.left_out.first() {
        return Err(left_out.reason.clone());
    }
    unwrap_single(&found.value).and_then(identifier).and_then(|text| checked(text, IDENTITY_MAX_LENGTH))
}

/// Reads a text for a field, by the rules for a claim that contains it.
///
/// # Errors
///
/// Why the field cannot hold it.
pub fn read_text(field: UserField, text: &str) -> Result<FieldValue, SkipReason> {
    ValueReader { name: "", left_out: Vec::new() }.read(field, &ClaimValue::from(text))
}

/// The names or identifiers of groups that a claim lists.
///
/// # Errors
///
/// Why the claim lists none. A list with something that is neither text nor number lists none: nobody knows what it means.
pub fn read_groups(name: &str, claims: &Claims) -> Result<Vec<String>, SkipReason> {
    let ResolvedValue { value, left_out } = SentClaims::new(claims).find(name)?;
    if let Some(left_out) = left_out.into_iter().next() {
        return Err(left_out.reason);
    }
    match &*value {
        ClaimValue::List(items) => items.iter().map(plain_text).collect(),
        value => plain_text(value).map(|group| vec![group]),
    }
}

fn fill(field: UserField, names: &[String], sent: SentClaims<'_>) -> FieldOutcome {
    let mut skipped = Vec::new();
    for name in names {
        match fill_from(field, name, sent) {
            Ok((value, left_out, hint)) => {
                return FieldOutcome { field, value: Some(value), claim: Some(name.clone()), skipped, left_out, hint };
            }
            Err(reason) => {
                skipped.reserve_exact(names.len() - skipped.len());
                skipped.push(SkippedClaim { claim: name.clone(), reason });
            }
        }
    }
    FieldOutcome { field, value: None, claim: None, skipped, left_out: Vec::new(), hint: None }
}

type Filled = (FieldValue, Vec<SkippedClaim>, Option<Hint>);

fn fill_from(field: UserField, name: &str, sent: SentClaims<'_>) -> Result<Filled, SkipReason> {
    let ResolvedValue { value, left_out } = sent.find(name)?;
    let mut reader = ValueReader { name, left_out };
    match reader.read(field, &value) {
        Ok(read) => {
            let hint = hint::hint(field, &value, name);
            Ok((read, reader.left_out, hint))
        }
        Err(_) if hint::is_json_text(&value) => Err(SkipReason::JsonText),
        Err(SkipReason::NotAnEmail) => Err(hint::no_email(&value)),
        Err(reason) => Err(reason),
    }
}

/// The value of an extra claim, unchanged. Waldur keeps everything but null, false, zero and empty values.
fn keep(name: &str, sent: SentClaims<'_>) -> ExtraOutcome {
    let claim = name.to_owned();
    let ResolvedValue { value, left_out } = match sent.find(name) {
        Ok(found) => found,
        Err(reason) => return ExtraOutcome { claim, value: Err(reason), left_out: Vec::new() },
    };
    let is_kept = match &*value {
        ClaimValue::Null => false,
        ClaimValue::Bool(is_true) => *is_true,
        ClaimValue::Number(number) => !number.is_zero(),
        ClaimValue::Text(text) => !text.is_empty(),
        ClaimValue::List(items) => !items.is_empty(),
        ClaimValue::Object(members) => !members.is_empty(),
    };
    let value = if is_kept { Ok(value.into_owned()) } else { Err(SkipReason::NotKept) };
    ExtraOutcome { claim, value, left_out }
}

#[cfg(test)]
mod tests;
