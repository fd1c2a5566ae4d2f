//! Reads the value of a claim by the kind of its field.

use std::fmt::Arguments;

use crate::domain::{
    email_address::is_email_address,
    mapping::{ClaimValue, Claims, FieldKind, FieldValue, SkipReason, SkippedClaim, UserField, date::is_calendar_date},
};

/// Reads the value that a name of the mapping resolved to.
pub(super) struct ValueReader<'n> {
    /// The name as the mapping writes it.
    pub name: &'n str,
    /// Items of the value that were left out while the others are used.
    pub left_out: Vec<SkippedClaim>,
}

impl ValueReader<'_> {
    /// Reads a value for `field`.
    pub(super) fn read(&mut self, field: UserField, value: &ClaimValue) -> Result<FieldValue, SkipReason> {
        let max = field.max_length();
        if field.kind() == FieldKind::List {
            return self.list(value, max).map(FieldValue::List);
        }
        let text = match (field.kind(), unwrap_single(value)) {
            (FieldKind::Address, Ok(ClaimValue::Object(address))) => self.address(address)?,
            (FieldKind::Address, Err(reason)) => return Err(reason),
            (_, Ok(ClaimValue::Object(_)) | Err(SkipReason::SeveralValues { .. })) if holds_objects(value) => {
                return Err(list_of_objects(value, "[0]"));
            }
            (_, value) => trimmed(plain_text(value?)?),
        };
        let text = if field == UserField::CivilNumber { civil_number(text) } else { text };
        match field.kind() {
            FieldKind::Integer => integer(&text).map(FieldValue::Integer),
            FieldKind::Date if text.is_empty() || is_calendar_date(&text) => checked(text, max).map(FieldValue::Text),
            FieldKind::Date => Err(SkipReason::NotADate),
            FieldKind::Gender => gender(&text).map(FieldValue::Text),
            FieldKind::Email => checked(text, max).and_then(email).map(FieldValue::Text),
            FieldKind::Text | FieldKind::Address | FieldKind::List => checked(text, max).map(FieldValue::Text),
        }
    }

    fn list(&mut self, value: &ClaimValue, max: usize) -> Result<Vec<String>, SkipReason> {
        if holds_objects(value) {
            return Err(list_of_objects(value, "[]"));
        }
        let items = match value {
            ClaimValue::List(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut texts = Vec::with_capacity(items.len());
        let mut first = None;
        for (index, item) in items.iter().enumerate() {
            match plain_text(item).and_then(|text| checked(trimmed(text), max)) {
                Ok(text) => texts.push(text),
                Err(SkipReason::Empty) => {}
                Err(reason) => {
                    first.get_or_insert_with(|| reason.clone());
                    self.leave_out(format_args!("[{index}]"), reason);
                }
            }
        }
        if texts.is_empty() { Err(first.unwrap_or(SkipReason::Empty)) } else { Ok(texts) }
    }

    /// `formatted` if the provider sends it, else the parts of OpenID Connect Core 1.0, section 5.1.1.
    fn address(&mut self, address: &Claims) -> Result<String, SkipReason> {
        const PARTS: [&str; 5] = ["street_address", "postal_code", "locality", "region", "country"];
        if address.is_empty() {
            return Err(SkipReason::Empty);
        }
        if let Some(formatted) = self.part(address, "formatted") {
            return Ok(formatted.to_owned());
        }
        let parts: Vec<&str> = PARTS.into_iter().filter_map(|name| self.part(address, name)).collect();
        if parts.is_empty() {
            return Err(self.left_out.pop().map_or(SkipReason::NotAnAddress, |left| left.reason));
        }
        for name in address.names().filter(|name| *name != "formatted" && !PARTS.contains(name)) {
            self.leave_out(format_args!(".{name}"), SkipReason::NotAnAddressPart);
        }
        Ok(parts.join(", "))
    }

    fn part<'v>(&mut self, address: &'v Claims, name: &str) -> Option<&'v str> {
        let read = unwrap_single(address.get(name)?).and_then(text_of).map(str::trim);
        match read {
            Ok(text) => (!text.is_empty()).then_some(text),
            Err(SkipReason::Empty) => None,
            Err(reason) => {
                self.leave_out(format_args!(".{name}"), reason);
                None
            }
        }
    }

    fn leave_out(&mut self, place: Arguments<'_>, reason: SkipReason) {
        self.left_out.push(SkippedClaim { claim: format!("{}{place}", self.name), reason });
    }
}

/// The item of a one-item list, or the value itself.
pub(super) fn unwrap_single(value: &ClaimValue) -> Result<&ClaimValue, SkipReason> {
    match value {
        ClaimValue::List(items) => match items.as_slice() {
            [] => Err(SkipReason::Empty),
            [item] => Ok(item),
            several => Err(SkipReason::SeveralValues { count: several.len() }),
        },
        value => Ok(value),
    }
}

/// Whether the value is a list of objects.
fn holds_objects(value: &ClaimValue) -> bool {
    match value {
        ClaimValue::List(items) => !items.is_empty() && items.iter().all(|item| item.as_object().is_some()),
        _ => false,
    }
}

/// The reason why a list of objects cannot be used, with the members to choose from.
fn list_of_objects(value: &ClaimValue, step: &str) -> SkipReason {
    const SHOWN: usize = 4;
    let mut choices: Vec<String> = Vec::new();
    if let ClaimValue::List(items) = value {
        let members = items.iter().filter_map(ClaimValue::as_object).flat_map(Claims::iter);
        for (name, value) in members {
            let can_be_chosen = matches!(value, ClaimValue::Text(_) | ClaimValue::Number(_))
                && !name.is_empty()
                && !name.contains(char::is_whitespace);
            let choice = format!("{step}.{name}");
            if can_be_chosen && choices.len() < SHOWN && !choices.contains(&choice) {
                choices.push(choice);
            }
        }
    }
    SkipReason::ListOfObjects { choices }
}

/// The text of a string or a number.
pub(super) fn text_of(value: &ClaimValue) -> Result<&str, SkipReason> {
    match value {
        ClaimValue::Null => Err(SkipReason::Empty),
        ClaimValue::Text(text) => Ok(text),
        ClaimValue::Number(number) => Ok(number.as_str()),
        ClaimValue::List(items) if items.is_empty() => Err(SkipReason::Empty),
        ClaimValue::Object(members) if members.is_empty() => Err(SkipReason::Empty),
        ClaimValue::Bool(_) | ClaimValue::List(_) | ClaimValue::Object(_) => {
            Err(SkipReason::WrongKind { found: value.kind() })
        }
    }
}

pub(super) fn plain_text(value: &ClaimValue) -> Result<String, SkipReason> {
    text_of(value).map(str::to_owned)
}

/// An identity: text, or an integer. `1`, `1.0` and `1e0` may be one number to the provider and are three identities
/// here.
pub(super) fn identifier(value: &ClaimValue) -> Result<String, SkipReason> {
    match value {
        ClaimValue::Number(number) if !number.is_whole() => Err(SkipReason::NotAWholeNumber),
        value => plain_text(value),
    }
}

fn trimmed(text: String) -> String {
    let trimmed = text.trim();
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

/// The text, unless it is blank, too long or cannot be stored.
pub(super) fn checked(text: String, max: usize) -> Result<String, SkipReason> {
    if text.trim().is_empty() {
        return Err(SkipReason::Empty);
    }
    if text.contains('\0') {
        return Err(SkipReason::Unstorable);
    }
    // A text has at most as many characters as bytes, so most texts need no counting.
    if text.len() > max {
        let length = text.chars().count();
        if length > max {
            return Err(SkipReason::TooLong { length, max });
        }
    }
    Ok(text)
}

fn gender(text: &str) -> Result<String, SkipReason> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" => Err(SkipReason::Empty),
        "male" | "female" | "other" | "unknown" => Ok(lower),
        _ => Err(SkipReason::NotAGender),
    }
}

fn integer(text: &str) -> Result<u32, SkipReason> {
    if text.is_empty() {
        return Err(SkipReason::Empty);
    }
    // `parse` alone would also accept "+5".
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().map_err(|_| SkipReason::NotAnInteger) } else { Err(SkipReason::NotAnInteger) }
}

pub(super) fn email(text: String) -> Result<String, SkipReason> {
    if is_email_address(&text) { Ok(text) } else { Err(SkipReason::NotAnEmail) }
}

/// Country and number of a SCHAC personal unique id; any other text is unchanged.
pub(super) fn civil_number(text: String) -> String {
    const PREFIX: &str = "urn:schac:personalUniqueID:";
    let Some((prefix, rest)) = text.split_at_checked(PREFIX.len()) else {
        return text;
    };
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return text;
    }
    let mut parts = rest.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(country), Some(_), Some(number)) if !number.is_empty() => {
            format!("{}{number}", country.to_ascii_uppercase())
        }
        _ => text,
    }
}
