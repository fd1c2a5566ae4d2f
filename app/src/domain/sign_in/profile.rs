//! The profile of a person who signs in: a new one, or the stored one with what the provider sends.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::domain::{
    mapping::{Evaluation, UserMapping},
    provider::FieldUpdate,
    sync::MAX_USERNAME,
    user::Profile,
};

/// The field that holds kept claims.
const EXTRA: &str = "extra";

/// The profile of a person whom no user stands for.
///
/// The user name is the identity when the mapping identifies users by their user name; otherwise it is the email address,
/// or else the identity.
///
/// # Errors
///
/// [`Refusal::UsernameUnusable`] when neither can be a user name.
pub fn new_profile(mapping: &UserMapping, evaluation: &Evaluation) -> Result<Profile, Refusal> {
    let mut profile = sent(evaluation);
    let identity = evaluation.identity.value();
    let names = if names_users(mapping) { [identity, None] } else { [profile.email.as_deref(), identity] };
    let username = names.into_iter().flatten().map(str::trim).find(|name| is_username(name));
    profile.username = username.ok_or(Refusal::UsernameUnusable)?.to_owned();
    Ok(profile)
}

/// What a sign-in changes of a stored profile.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileChange {
    /// The profile afterwards.
    pub profile: Profile,
    /// The names of the fields that changed, in a fixed order.
    pub changed: Vec<String>,
    /// Fields that keep their value although the provider sends another one, since another user of the tenant has it:
    /// `username`, `email`.
    pub taken: Vec<&'static str>,
}

/// The stored profile with what the provider sends, as far as the rule of each field lets it. `is_free` returns whether no other
/// user of the tenant has the user name (`username`) or the address (`email`).
pub fn updated_profile(
    stored: &Profile,
    mapping: &UserMapping,
    evaluation: &Evaluation,
    rule: impl Fn(&str) -> FieldUpdate,
    is_free: impl Fn(&'static str, &str) -> bool,
) -> ProfileChange {
    let Profile { username: _, email, first_name, last_name, display_name, fields } = sent(evaluation);
    let mut profile = stored.clone();
    let mut taken = Vec::new();
    // A user name is never cleared.
    let name = evaluation.identity.value().map(str::trim).filter(|name| names_users(mapping) && is_username(name));
    if let Some(name) = name
        && name != stored.username
        && matches!(rule("username"), FieldUpdate::Always | FieldUpdate::Mirror)
    {
        if is_free("username", name) { profile.username = name.to_owned() } else { taken.push("username") }
    }
    let email = merge(rule("email"), stored.email.clone(), email);
    match &email {
        Some(address) if email != stored.email && !is_free("email", address) => taken.push("email"),
        _ => profile.email = email,
    }
    profile.first_name = merge(rule("first_name"), profile.first_name, first_name);
    profile.last_name = merge(rule("last_name"), profile.last_name, last_name);
    profile.display_name = merge(rule("display_name"), profile.display_name, display_name);
    // Fields that are not mapped belong to others.
    let mapped = mapping.attributes.iter().map(|(field, _)| field.as_str()).filter(|name| !is_column(name));
    let keeps_extra = mapping.extra_claims().next().is_some().then_some(EXTRA);
    for name in mapped.chain(keeps_extra) {
        match merge(rule(name), profile.fields.remove(name), fields.get(name).cloned()) {
            Some(value) => profile.fields.insert(name.to_owned(), value),
            None => None,
        };
    }
    ProfileChange { changed: stored.changed_fields(&profile), profile, taken }
}

/// The value after a sign-in.
fn merge<T>(rule: FieldUpdate, stored: Option<T>, sent: Option<T>) -> Option<T> {
    match rule {
        FieldUpdate::Never => stored,
        FieldUpdate::WhenEmpty => stored.or(sent),
        FieldUpdate::Always => sent.or(stored),
        FieldUpdate::Mirror => sent,
    }
}

/// What the provider sends, without a user name.
fn sent(evaluation: &Evaluation) -> Profile {
    let mut profile = Profile::default();
    for (field, value) in evaluation.values() {
        profile.set(field, value);
    }
    let extra: Map<String, Value> =
        evaluation.kept().iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
    if !extra.is_empty() {
        profile.fields.insert(EXTRA.to_owned(), Value::Object(extra));
    }
    profile
}

/// Whether the mapping identifies users by their user name.
fn names_users(mapping: &UserMapping) -> bool {
    mapping.user_field == "username"
}

fn is_column(name: &str) -> bool {
    ["email", "first_name", "last_name", "display_name"].contains(&name)
}

fn is_username(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(char::is_control) && name.chars().nth(MAX_USERNAME).is_none()
}
