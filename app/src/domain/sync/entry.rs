//! From the attributes of an entry to a profile, or to the reason why there is none.

use serde_json::Value;

use crate::domain::{
    ldap::holds_passwords,
    mapping::{AttributeMapping, ClaimValue, Claims, FieldKind, SkipReason, UserField, UserMapping, evaluate},
    named::named,
    provider::normalise_domain,
    user::Profile,
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
        /// The e-mail address is none.
        InvalidEmail = "invalid_email" / "Email address not usable",
        /// The e-mail address belongs to a domain that the provider does not allow.
        DomainNotAllowed = "domain_not_allowed" / "Email domain not allowed",
        /// The user is unknown, and the provider creates none.
        CreationOff = "creation_off" / "Creation switched off",
        /// The group has no name.
        MissingName = "missing_name" / "Group name missing",
        /// The database refused the entry.
        NotStored = "not_stored" / "Not stored",
    }
}

impl EntryCode {
    /// Whether a setting leaves the entry out, rather than a fault.
    pub const fn is_policy(self) -> bool {
        matches!(self, Self::DomainNotAllowed | Self::CreationOff)
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

/// Reads a user out of an entry's attributes; `values` answers those of one that are text, in the directory's order.
///
/// The directory has the last word: a field whose attribute is gone is empty again. Of several values, a field that
/// holds one takes the first that is not blank.
///
/// # Errors
///
/// The first reason why the entry cannot be used.
pub fn read_user<'a>(rules: &UserRules, values: impl Fn(&str) -> Vec<&'a str>) -> Result<Profile, Fault> {
    let username = read_username(&rules.username_attribute, &values(&rules.username_attribute))?;
    let evaluation = evaluate(&rules.singles, &single_claims(&rules.singles, &values));
    let lists = evaluate(&rules.lists, &list_claims(&rules.lists, &values));
    let is_malformed = evaluation.fields.iter().any(|outcome| {
        let faulty = |reason: &SkipReason| !matches!(reason, SkipReason::Missing | SkipReason::Empty);
        outcome.field == UserField::Email
            && outcome.value.is_none()
            && outcome.skipped.iter().any(|skipped| faulty(&skipped.reason))
    });
    if is_malformed {
        let message = "The e-mail address is not usable. Correct it in the directory.";
        return Err(Fault::new(EntryCode::InvalidEmail, message));
    }
    let mut profile = Profile { username, ..Profile::default() };
    for (field, value) in evaluation.values().chain(lists.values()) {
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
    let kept = evaluation.kept();
    if !kept.is_empty() {
        profile.fields.insert("extra".to_owned(), Value::Object(kept.to_json()));
    }
    check_domain(&rules.allowed_domains, profile.email.as_deref())?;
    Ok(profile)
}

fn read_username(attribute: &str, values: &[&str]) -> Result<String, Fault> {
    let mut given = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty());
    let Some(username) = given.next() else {
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

/// The attributes of fields that hold one value: the first that is not blank. Those that are kept aside come whole.
fn single_claims<'a>(mapping: &UserMapping, values: &impl Fn(&str) -> Vec<&'a str>) -> Claims {
    let mut claims = Claims::new();
    for name in mapping.extra_claims().filter(|name| !holds_passwords(name)) {
        let value = match values(name).as_slice() {
            [] => continue,
            [single] => ClaimValue::from(*single),
            several => ClaimValue::from(several),
        };
        claims.insert(name, value);
    }
    let names = mapping.attributes.iter().flat_map(|(_, names)| names);
    for name in names.filter(|name| !holds_passwords(name)) {
        if let Some(value) = first(&values(name)) {
            claims.insert(name, value);
        }
    }
    claims
}

fn list_claims<'a>(mapping: &UserMapping, values: &impl Fn(&str) -> Vec<&'a str>) -> Claims {
    let names = mapping.attributes.iter().flat_map(|(_, names)| names);
    let found = names.filter(|name| !holds_passwords(name)).map(|name| (name.as_str(), values(name)));
    found
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name, ClaimValue::from(values.as_slice())))
        .collect()
}

fn first<'a>(values: &[&'a str]) -> Option<&'a str> {
    values.iter().copied().find(|value| !value.trim().is_empty())
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
    let message = "The e-mail address belongs to none of the provider's allowed domains.";
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
