//! Values that are usable but may have another meaning. A text is split or parsed only where the mapping says so: a
//! comma can be part of a group's name.

use super::{
    find::is_json,
    read::{email, unwrap_single},
};
use crate::domain::mapping::{ClaimValue, FieldKind, Hint, SkipReason, UserField};

/// Another possible meaning of the value of claim `name`, which was used for `field`.
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

/// Why a value is not an email address; possibly because it is several in one text.
pub(super) fn no_email(value: &ClaimValue) -> SkipReason {
    let Ok(ClaimValue::Text(text)) = unwrap_single(value) else { return SkipReason::NotAnEmail };
    let are_addresses = |by: &char| {
        let mut parts = text.split(*by).map(str::trim).filter(|part| !part.is_empty()).peekable();
        parts.peek().is_some() && text.contains(*by) && parts.all(|part| email(part.to_owned()).is_ok())
    };
    let by = [',', ';', '|', ' '].into_iter().find(are_addresses);
    by.map_or(SkipReason::NotAnEmail, |by| SkipReason::SeveralEmails { by })
}

/// Whether the value is a text that contains a list or an object in JSON.
pub(super) fn is_json_text(value: &ClaimValue) -> bool {
    matches!(unwrap_single(value), Ok(ClaimValue::Text(text)) if is_json(text))
}

/// Whether the text begins as `CN=staff,OU=…` does.
fn is_distinguished_name(text: &str) -> bool {
    text.split(',').next().is_some_and(|first| first.contains('='))
}
