//! Reading users, and what identifies any entry.

use vestibule_app::domain::{
    provider::{IdentityProvider, LdapConfig},
    sync::{
        Fault, LeftOut, MAX_EXTERNAL_ID, UserReading, UserRules, direction_note, read_user, remove_directions,
        unidentified,
    },
    user::Profile,
};

use super::{dn::check_dn, filter::escaped, hash::content_hash};
use crate::protocol::ldap::{Entry, external_id};

/// An entry of a user as it was read.
#[derive(Debug, Clone)]
pub(crate) struct SeenUser {
    pub(crate) external_id: String,
    /// The identifier as a filter has it.
    pub(crate) assertion: String,
    pub(crate) dn: String,
    pub(crate) profile: Result<Profile, Fault>,
    /// Values that were not used.
    pub(crate) left_out: Vec<LeftOut>,
    /// A hash of everything that is stored of it.
    pub(crate) content: String,
    pub(crate) is_disabled: bool,
    /// A remark for the log, besides what happens to the entry.
    pub(crate) note: Option<String>,
}

/// Reads entries as the settings of a provider say.
pub(crate) struct EntryReader {
    identifying_attribute: String,
    /// Whether emails of the directory count as verified.
    trust_email: bool,
    rules: UserRules,
}

impl EntryReader {
    pub(crate) fn new(provider: &IdentityProvider, config: &LdapConfig) -> Self {
        let rules = UserRules::new(
            config.naming_attribute(),
            &provider.mapping,
            &provider.allowed_domains,
            !config.groups.enabled,
        );
        let identifying_attribute = config.identifying_attribute().to_owned();
        Self { identifying_attribute, trust_email: config.sync.trust_email, rules }
    }

    /// The attribute that identifies entries.
    pub(crate) fn identifying_attribute(&self) -> &str {
        &self.identifying_attribute
    }

    /// What it reads of users.
    pub(super) const fn rules(&self) -> &UserRules {
        &self.rules
    }

    /// The identifier of an entry, and the same as a filter has it.
    pub(crate) fn external_id(&self, entry: &Entry) -> Result<(String, String), Fault> {
        let (id, value) = identify(&self.identifying_attribute, entry)?;
        Ok((id, escaped(value)))
    }

    /// Reads a user. Fails only when the entry cannot be identified; other faults are part of what was read.
    pub(crate) fn user(&self, entry: &Entry, is_disabled: impl FnOnce(&str) -> bool) -> Result<SeenUser, Fault> {
        let (external_id, assertion) = self.external_id(entry)?;
        let read = check_dn(&entry.dn).and_then(|()| read_user(&self.rules, |name| entry.read(name)));
        let read = read.and_then(|UserReading { profile, left_out }| {
            let (profile, changed) = remove_directions(profile)?;
            Ok((profile, left_out, direction_note(&changed)))
        });
        let (profile, left_out, note) = match read {
            Ok((profile, left_out, note)) => (Ok(profile), left_out, note),
            Err(fault) => (Err(fault), Vec::new(), None),
        };
        let content = profile.as_ref().map(|profile| {
            let is_verified = self.trust_email;
            content_hash(&format!("{}\n{is_verified}\n{}", entry.dn, profile.canonical()))
        });
        Ok(SeenUser {
            is_disabled: is_disabled(&external_id),
            external_id,
            assertion,
            dn: entry.dn.clone(),
            content: content.unwrap_or_default(),
            profile,
            left_out,
            note,
        })
    }
}

/// The identifier of an entry, and the value that it was read from.
pub(crate) fn identify<'a>(attribute: &str, entry: &'a Entry) -> Result<(String, &'a [u8]), Fault> {
    let fault = |what| Err(unidentified(what, attribute));
    let mut values = entry.values(attribute);
    let value = match (values.next(), values.next()) {
        (None | Some([]), None) => return fault("has no"),
        (Some(single), None) => single,
        _ => return fault("has several values of"),
    };
    let id = external_id(attribute, value);
    if id.chars().nth(MAX_EXTERNAL_ID).is_some() {
        return fault("has too long a value of");
    }
    Ok((id, value))
}
