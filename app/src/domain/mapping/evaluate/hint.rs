//! Values that can be used and may be meant otherwise. Nothing is split or parsed without being asked to: a comma may
//! be a part of a group's name.

use super::{
    find::is_json,
    read::{email, unwrap_single},
};
use crate::domain::mapping::{ClaimValue, FieldKind, Hint, SkipReason, UserField};

/// How the value of the claim `name` may be meant otherwise than it was taken for `field`.
pub(super) fn hint(field: UserField, value: &ClaimValue, name: &str) -> Option<Hint> {
    if is_json_text(value) {
        return Some(Hint::JsonText);
    }
    let ClaimValue::Text(text) = value else { return None };
    if field.kind() != FieldKind::List || name.ends_with(']') || is_distinguished_name(text) {
        return None;
    }
    let by = [',', ';', '|', ' '].into_iter().find(|separator| text.trim().contains(*separator))?;
    Some(Hint::Separated { by })
}

/// Why a value is no e-mail address: perhaps since it is several in one text.
pub(super) fn no_email(value: &ClaimValue) -> SkipReason {
    let Ok(ClaimValue::Text(text)) = unwrap_single(value) else { return SkipReason::NotAnEmail };
    let are_addresses = |by: &char| {
        let mut parts = text.split(*by).map(str::trim).filter(|part| !part.is_empty()).peekable();
        parts.peek().is_some() && text.contains(*by) && parts.all(|part| email(part.to_owned()).is_ok())
    };
    let by = [',', ';', '|', ' '].into_iter().find(are_addresses);
    by.map_or(SkipReason::NotAnEmail, |by| SkipReason::SeveralEmails { by })
}

/// Whether the value is one text that holds a list or an object as JSON.
pub(super) fn is_json_text(value: &ClaimValue) -> bool {
    matches!(unwrap_single(value), Ok(ClaimValue::Text(text)) if is_json(text))
}

/// Whether the text begins as `CN=staff,OU=…` does.
fn is_distinguished_name(text: &str) -> bool {
    text.split(',').next().is_some_and(|first| first.contains('='))
}
