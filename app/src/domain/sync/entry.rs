//! From the attributes of an entry to a profile, or to the reason why there is none.

use serde_json::{Map, Value};

use crate::domain::{
    ldap::holds_passwords,
    mapping::{AttributeMapping, FieldKind, FieldValue, SkipReason, UserField, UserMapping, read_text},
    named::named,
    provider::normalise_domain,
    user::Profile,
    words::counted,
};

/// The longest user name, in characters.
pub const MAX_USERNAME: usize = 254;

/// The longest identifier of an entry, in characters.
pub const MAX_EXTERNAL_ID: usize = 512;

named! {
    /// Why an entry was not used.
    EntryCode, UnknownEntryCode {
        /// The attribute that identifies it is missing, has several values, or is too long.
        MissingExternalId = "missing_external_id" / "Identifier missing",
        /// Another entry of the same run has the same identifier.
        DuplicateExternalId = "duplicate_external_id" / "Identifier used twice",
        /// The attribute users sign in with is missing.
        MissingUsername = "missing_username" / "User name missing",
        /// The attribute users sign in with has several values.
        AmbiguousUsername = "ambiguous_username" / "Several user names",
        /// The user name is too long, or holds control characters.
        InvalidUsername = "invalid_username" / "User name not usable",
        /// Another user has the user name.
        UsernameTaken = "username_taken" / "User name taken",
        /// Another user has the e-mail address.
        EmailTaken = "email_taken" / "Email address taken",
        /// The value is not an e-mail address.
        InvalidEmail = "invalid_email" / "Email address not usable",
        /// The e-mail address belongs to a domain that the provider does not allow.
        DomainNotAllowed = "domain_not_allowed" / "Email domain not allowed",
        /// The user is unknown, and the provider creates none.
        CreationOff = "creation_off" / "Creation switched off",
        /// The group has no name.
        MissingName = "missing_name" / "Group name missing",
        /// The database refused the entry.
        NotStored = "not_stored" / "Not stored",
        /// The distinguished name is longer than can be kept.
        DnTooLong = "dn_too_long" / "Distinguished name too long",
        /// The entry was used, and some of its values were not.
        ValuesLeftOut = "values_left_out" / "Values left out",
        /// The group was used, and members that it lists could not be read.
        MembersNotRead = "members_not_read" / "Members not readable",
        /// The entry took over the user of another entry, which was no longer found.
        TakenOver = "taken_over" / "User taken over",
    }
}

impl EntryCode {
    /// Whether a setting leaves the entry out, rather than a fault.
    pub const fn is_policy(self) -> bool {
        matches!(self, Self::DomainNotAllowed | Self::CreationOff)
    }

    /// Whether the entry was used all the same.
    pub const fn is_remark(self) -> bool {
        matches!(self, Self::ValuesLeftOut | Self::MembersNotRead | Self::TakenOver)
    }

    /// Whether the next run may find it otherwise without a change of the entry.
    pub const fn is_worth_another_look(self) -> bool {
        matches!(self, Self::UsernameTaken | Self::EmailTaken | Self::NotStored)
    }
}

/// Why an entry was not used, in words. Values of the entry do not occur in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// For programs.
    pub code: EntryCode,
    /// What is wrong and what to do.
    pub message: String,
}

impl Fault {
    /// A fault in a sentence.
    pub fn new(code: EntryCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

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

/// A user as an entry has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The user.
    pub profile: Profile,
    /// Values that were not used, although a field was there for them.
    pub left_out: Vec<LeftOut>,
}

/// Values of one attribute that were not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The attribute.
    pub attribute: String,
    /// The field that it is for.
    pub field: String,
    /// How many values.
    pub count: u64,
    /// What is wrong with the first of them, as a clause that follows its name.
    pub reason: String,
}

impl LeftOut {
    /// It in a sentence, without the values.
    pub fn explain(&self) -> String {
        let Self { attribute, field, count, reason } = self;
        match count {
            1 => format!("1 value of {attribute} was left out of {field}: it {reason}."),
            _ => format!("{} of {attribute} were left out of {field}: the first {reason}.", counted(*count, "value")),
        }
    }
}

/// How attributes become a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRules {
    /// The attribute users sign in with.
    pub username_attribute: String,
    /// How attributes become fields that hold one value.
    pub singles: UserMapping,
    /// How attributes become fields that hold a list.
    pub lists: UserMapping,
    /// E-mail domains whose users may sign in; no restriction when empty.
    pub allowed_domains: Vec<String>,
}

impl UserRules {
    /// The rules of a directory. Fields that are not mapped get the usual attributes when none is mapped at all.
    pub fn new(
        username_attribute: &str,
        mapping: &UserMapping,
        allowed_domains: &[String],
        with_groups_attribute: bool,
    ) -> Self {
        let mut mapping = mapping.clone();
        if mapping.attributes.is_empty() {
            mapping.attributes = attributes();
        }
        // The usual attribute is often missing, and then the common name is what people go by.
        if mapping.attributes.get(UserField::DisplayName) == ["displayName"] {
            mapping.attributes.set(UserField::DisplayName, "displayName cn");
        }
        // Groups that are read themselves say more than the attribute, and a change of them is no change of the user.
        if !with_groups_attribute {
            mapping.attributes.remove(UserField::Groups);
        }
        let is_list = |field: UserField| field.kind() == FieldKind::List;
        let lists = mapping.attributes.restrict(is_list);
        let lists = UserMapping { attributes: lists, extra_fields: None, ..mapping.clone() };
        mapping.attributes.retain(|field| !is_list(field));
        Self {
            username_attribute: username_attribute.to_owned(),
            singles: mapping,
            lists,
            allowed_domains: allowed_domains.to_vec(),
        }
    }

    /// The attributes that are needed, without repetition. Attributes that hold passwords are never among them.
    pub fn attributes(&self) -> Vec<String> {
        let mapped = self.singles.attributes.iter().chain(self.lists.attributes.iter());
        let mapped = mapped.flat_map(|(_, names)| names.iter().map(String::as_str));
        let wanted = std::iter::once(self.username_attribute.as_str()).chain(mapped).chain(self.singles.extra_claims());
        let mut names: Vec<String> = Vec::new();
        for name in wanted.filter(|name| !holds_passwords(name)) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// The usual attributes of a directory (RFC 2798, RFC 4519).
pub fn attributes() -> AttributeMapping {
    AttributeMapping::new()
        .with(UserField::Email, "mail")
        .with(UserField::FirstName, "givenName")
        .with(UserField::LastName, "sn")
        .with(UserField::DisplayName, "displayName cn")
        .with(UserField::Groups, "memberOf")
}

/// Reads a user out of an entry's attributes; `values` answers those of one.
///
/// The directory has the last word: a field whose attribute is gone is empty again. A field that holds one value takes the
/// first that it can hold, of the first attribute that has one; a list takes all that it can hold of that attribute. One
/// value that cannot be held is left out alone, and is reported.
///
/// # Errors
///
/// The first reason why the entry cannot be used.
pub fn read_user<'a>(rules: &UserRules, values: impl Fn(&str) -> Values<'a>) -> Result<Reading, Fault> {
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
        let place = match field {
            UserField::Email => &mut profile.email,
            UserField::FirstName => &mut profile.first_name,
            UserField::LastName => &mut profile.last_name,
            UserField::DisplayName => &mut profile.display_name,
            _ => {
                profile.fields.insert(field.as_str().to_owned(), value.to_json());
                continue;
            }
        };
        *place = value.as_text().map(str::to_owned);
    }
    let extra = read_extra(&rules.singles, &values, &mut left_out);
    if !extra.is_empty() {
        profile.fields.insert("extra".to_owned(), Value::Object(extra));
    }
    check_domain(&rules.allowed_domains, profile.email.as_deref())?;
    Ok(Reading { profile, left_out })
}

/// What was found for a field.
#[derive(Default)]
struct Found {
    value: Option<FieldValue>,
    left_out: Vec<LeftOut>,
}

fn read_field<'a>(field: UserField, names: &[String], values: &impl Fn(&str) -> Values<'a>) -> Found {
    let mut found = Found::default();
    for name in names.iter().filter(|name| !holds_passwords(name)) {
        let Values { texts, others } = values(name);
        let mut faulty = Faulty { count: others as u64, reason: (others > 0).then(|| NOT_TEXT.to_owned()) };
        let mut items = Vec::new();
        for text in texts {
            match read_text(field, text) {
                Ok(FieldValue::List(some)) => items.extend(some),
                // The other values of this attribute are not needed; those of earlier ones were preferred and are reported.
                Ok(value) => return Found { value: Some(value), left_out: found.left_out },
                Err(SkipReason::Missing | SkipReason::Empty) => {}
                Err(reason) => faulty.add(name, &reason),
            }
        }
        found.left_out.extend(faulty.told(name, field.as_str()));
        if !items.is_empty() {
            found.value = Some(FieldValue::List(items));
            break;
        }
    }
    found
}

const NOT_TEXT: &str = "is not UTF-8 text";

/// Values of an attribute that cannot be used.
struct Faulty {
    count: u64,
    reason: Option<String>,
}

impl Faulty {
    fn add(&mut self, attribute: &str, reason: &SkipReason) {
        self.count += 1;
        self.reason.get_or_insert_with(|| reason.explain(attribute));
    }

    fn told(self, attribute: &str, field: &str) -> Option<LeftOut> {
        let Self { count, reason } = self;
        Some(LeftOut { attribute: attribute.to_owned(), field: field.to_owned(), count, reason: reason? })
    }
}

/// Attributes that are kept aside come whole.
fn read_extra<'a>(
    mapping: &UserMapping,
    values: &impl Fn(&str) -> Values<'a>,
    left_out: &mut Vec<LeftOut>,
) -> Map<String, Value> {
    let mut extra = Map::new();
    for name in mapping.extra_claims().filter(|name| !holds_passwords(name)) {
        let Values { texts, others } = values(name);
        let faulty = Faulty { count: others as u64, reason: (others > 0).then(|| NOT_TEXT.to_owned()) };
        left_out.extend(faulty.told(name, "extra"));
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
        "No value of {} is an e-mail address that can be used: the first {reason}. Write one address in each value, or map \
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
    if domain.is_some_and(|domain| allowed.contains(&domain)) {
        return Ok(());
    }
    let message = match email {
        Some(_) => "The e-mail address belongs to none of the provider's allowed domains (allowed_domains).",
        None => {
            "The entry has no e-mail address, and the provider allows those of some domains alone (allowed_domains)."
        }
    };
    Err(Fault::new(EntryCode::DomainNotAllowed, message))
}

impl Profile {
    /// The e-mail address as it is compared: in lower case.
    pub fn folded_email(&self) -> Option<String> {
        self.email.as_deref().map(str::to_lowercase)
    }

    /// The user name as it is compared: in lower case.
    pub fn folded_username(&self) -> String {
        self.username.to_lowercase()
    }
}
