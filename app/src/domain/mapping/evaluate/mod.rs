//! The rules from claims to values.
//!
//! For each field the claims are tried in order, and the first one with a usable value wins. An empty value never
//! clears a field: it is passed over like a missing one. The rules by kind:
//!
//! - A one-item list stands for its item; a longer list fits only a list field, and a single text there becomes a
//!   one-item list. In a list, empty items are dropped; unusable ones are left out and named, and the others stay.
//! - Text is trimmed. Numbers become text with the digits they were sent with; booleans do not, since "true" names
//!   nobody.
//! - A gender is lower-cased; only `male`, `female`, `other` and `unknown` count. ISO/IEC 5218 digits and translations
//!   are passed over: guessing at a person's record is worse than leaving it empty.
//! - A civil number written as `urn:schac:personalUniqueID:EE:EST:600…` becomes `EE600…`.
//! - An address object gives its `formatted` member, or else its parts joined by commas.
//! - An integer may be written as digits.
//!
//! Where a written name leads is in `find`.

use self::{
    find::{Found, Sent},
    read::{Reader, checked, civil_number, identifier, unwrap_single},
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

/// Applies `mapping` to `claims`. Never fails: what cannot be used is named in the outcome.
pub fn evaluate(mapping: &UserMapping, claims: &Claims) -> Evaluation {
    let sent = Sent::new(claims);
    let fields = mapping.attributes.iter().map(|(field, names)| fill(field, names, sent)).collect();
    let extra = mapping.extra_claims().map(|name| keep(name, sent)).collect();
    Evaluation { identity: identify(mapping, sent), fields, extra }
}

/// Finds the identity in the first claim that is present.
///
/// Unlike for fields, an unusable claim ends the search: falling back to another claim could sign in somebody else.
/// The value is not trimmed, since the provider's subject is compared byte by byte.
fn identify(mapping: &UserMapping, sent: Sent<'_>) -> IdentityOutcome {
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

/// The identity in a value. What a path left out could have been it, so that the rest is not enough.
fn subject(found: &Found<'_>) -> Result<String, SkipReason> {
    if let Some(left_out) = found.left_out.first() {
        return Err(left_out.reason.clone());
    }
    unwrap_single(&found.value).and_then(identifier).and_then(|text| checked(text, IDENTITY_MAX_LENGTH))
}

/// Reads one text for a field, by the same rules as a claim that holds it.
///
/// # Errors
///
/// Why the field cannot hold it.
pub fn read_text(field: UserField, text: &str) -> Result<FieldValue, SkipReason> {
    Reader { name: "", left_out: Vec::new() }.read(field, &ClaimValue::from(text))
}

fn fill(field: UserField, names: &[String], sent: Sent<'_>) -> FieldOutcome {
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

fn fill_from(field: UserField, name: &str, sent: Sent<'_>) -> Result<Filled, SkipReason> {
    let Found { value, left_out } = sent.find(name)?;
    let mut reader = Reader { name, left_out };
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

/// The value of an extra claim as it is. Waldur keeps anything but null, false, zero and emptiness.
fn keep(name: &str, sent: Sent<'_>) -> ExtraOutcome {
    let claim = name.to_owned();
    let Found { value, left_out } = match sent.find(name) {
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
