//! Reading the attributes of an entry as a profile, or saying why that is not possible.

use serde_json::{Map, Value};

use super::{
    fault::{EntryCode, Fault, LeftOut},
    rules::UserRules,
};
use crate::domain::{
    ldap::holds_passwords,
    mapping::{FieldValue, SkipReason, UserField, UserMapping, read_text},
    provider::{is_allowed_domain, normalise_domain},
    user::Profile,
};

/// The longest user name, in characters.
pub const MAX_USERNAME: usize = 254;

/// The longest identifier of an entry, in characters.
pub const MAX_EXTERNAL_ID: usize = 512;

/// The values of an attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values<'a> {
    /// Those that are text, in the directory's order.
    pub texts: Vec<&'a str>,
    /// How many values are not UTF-8 text.
    pub others: usize,
}

impl<'a> From<Vec<&'a str>> for Values<'a> {
    fn from(texts: Vec<&'a str>) -> Self {
        Self { texts, others: 0 }
    }
}

/// A user as an entry describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct UserReading {
    /// The user.
    pub profile: Profile,
    /// Values that are mapped to a field and were not used.
    pub left_out: Vec<LeftOut>,
}

/// Reads a user from the attributes of an entry; `values` returns those of one attribute.
///
/// The directory decides: a field whose attribute is gone becomes empty. A field with one value takes the first valid
/// one of the first attribute that has any; a list takes all valid ones of that attribute. Invalid values are left out
/// and reported.
///
/// # Errors
///
/// The first reason why the entry cannot be used.
pub fn read_user<'a>(rules: &UserRules, values: impl Fn(&str) -> Values<'a>) -> Result<UserReading, Fault> {
    let mut profile = Profile {
        username: read_username(&rules.username_attribute, &values(&rules.username_attribute))?,
        ..Profile::default()
    };
    let mut left_out = Vec::new();
    for (field, names) in rules.singles.attributes.iter().chain(rules.lists.attributes.iter()) {
        let found = read_field(field, names, &values);
        if field == UserField::Email && found.value.is_none() && !found.left_out.is_empty() {
            return Err(Fault::new(EntryCode::InvalidEmail, no_address(&found.left_out)));
        }
        left_out.extend(found.left_out);
        let Some(value) = found.value else { continue };
        profile.set(field, &value);
    }
    let extra = read_extra(&rules.singles, &values, &mut left_out);
    if !extra.is_empty() {
        profile.fields.insert("extra".to_owned(), Value::Object(extra));
    }
    check_domain(&rules.allowed_domains, profile.email.as_deref())?;
    Ok(UserReading { profile, left_out })
}

/// What was found for a field.
#[derive(Default)]
struct FieldReading {
    value: Option<FieldValue>,
    left_out: Vec<LeftOut>,
}

fn read_field<'a>(field: UserField, names: &[String], values: &impl Fn(&str) -> Values<'a>) -> FieldReading {
    let mut found = FieldReading::default();
    for name in names.iter().filter(|name| !holds_passwords(name)) {
        let Values { texts, others } = values(name);
        let mut faulty = FaultyValues { count: others as u64, reason: (others > 0).then(|| NOT_TEXT.to_owned()) };
        let mut items = Vec::new();
        for text in texts {
            match read_text(field, text) {
                Ok(FieldValue::List(some)) => items.extend(some),
                // Later values of this attribute are not needed. Invalid ones of earlier attributes, which the mapping
                // prefers, are reported.
                Ok(value) => return FieldReading { value: Some(value), left_out: found.left_out },
                Err(SkipReason::Missing | SkipReason::Empty) => {}
                Err(reason) => faulty.add(name, &reason),
            }
        }
        found.left_out.extend(faulty.into_left_out(name, field.as_str()));
        if !items.is_empty() {
            found.value = Some(FieldValue::List(items));
            break;
        }
    }
    found
}

const NOT_TEXT: &str = "is not UTF-8 text";

/// Counts the values of an attribute that cannot be used.
struct FaultyValues {
    count: u64,
    reason: Option<String>,
}

impl FaultyValues {
    fn add(&mut self, attribute: &str, reason: &SkipReason) {
        self.count += 1;
        self.reason.get_or_insert_with(|| reason.explain(attribute));
    }

    fn into_left_out(self, attribute: &str, field: &str) -> Option<LeftOut> {
        let Self { count, reason } = self;
        Some(LeftOut { attribute: attribute.to_owned(), field: field.to_owned(), count, reason: reason? })
    }
}

/// Extra attributes are stored with all their values.
fn read_extra<'a>(
    mapping: &UserMapping,
    values: &impl Fn(&str) -> Values<'a>,
    left_out: &mut Vec<LeftOut>,
) -> Map<String, Value> {
    let mut extra = Map::new();
    for name in mapping.extra_claims().filter(|name| !holds_passwords(name)) {
        let Values { texts, others } = values(name);
        let faulty = FaultyValues { count: others as u64, reason: (others > 0).then(|| NOT_TEXT.to_owned()) };
        left_out.extend(faulty.into_left_out(name, "extra"));
        let value = match texts.as_slice() {
            [] | [""] => continue,
            [single] => Value::from(*single),
            several => Value::from(several),
        };
        extra.insert(name.to_owned(), value);
    }
    extra
}

/// Why none of the values is an address, and what to do.
fn no_address(left_out: &[LeftOut]) -> String {
    let attributes: Vec<&str> = left_out.iter().map(|left_out| left_out.attribute.as_str()).collect();
    let reason = left_out.first().map(|left_out| left_out.reason.as_str()).unwrap_or_default();
    format!(
        "No value of {} is an email address that can be used: the first {reason}. Write one address in each value, or map \
         another attribute to email.",
        attributes.join(", ")
    )
}

fn read_username(attribute: &str, values: &Values<'_>) -> Result<String, Fault> {
    let Values { texts, others } = values;
    let mut given = texts.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let Some(username) = given.next() else {
        if *others > 0 {
            let message = format!("{attribute} {NOT_TEXT}, so nobody can sign in with it.");
            return Err(Fault::new(EntryCode::InvalidUsername, message));
        }
        let message = format!("The entry has no {attribute}, which users sign in with.");
        return Err(Fault::new(EntryCode::MissingUsername, message));
    };
    if given.next().is_some() {
        let message = format!("The entry has several values of {attribute}; users sign in with one.");
        return Err(Fault::new(EntryCode::AmbiguousUsername, message));
    }
    if username.chars().any(char::is_control) || username.chars().nth(MAX_USERNAME).is_some() {
        let message = format!("{attribute} has more than {MAX_USERNAME} characters, or control characters.");
        return Err(Fault::new(EntryCode::InvalidUsername, message));
    }
    Ok(username.to_owned())
}

fn check_domain(allowed: &[String], email: Option<&str>) -> Result<(), Fault> {
    if allowed.is_empty() {
        return Ok(());
    }
    let domain = email.and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
    let domain = domain.and_then(normalise_domain);
    if domain.is_some_and(|domain| is_allowed_domain(allowed, &domain)) {
        return Ok(());
    }
    let message = match email {
        Some(_) => "The email address belongs to none of the provider's allowed domains (allowed_domains).",
        None => {
            "The entry has no email address, and the provider accepts only addresses of certain domains (allowed_domains)."
        }
    };
    Err(Fault::new(EntryCode::DomainNotAllowed, message))
}

impl Profile {
    /// The email address as it is compared: in lower case.
    pub fn folded_email(&self) -> Option<String> {
        self.email.as_deref().map(str::to_lowercase)
    }

    /// The user name as it is compared: in lower case.
    pub fn folded_username(&self) -> String {
        self.username.to_lowercase()
    }
}
