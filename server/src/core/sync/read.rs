//! What is searched for, and what an entry says.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256, digest};
use vestibule_app::domain::{
    provider::{IdentityProvider, LdapConfig, LdapVendor},
    sync::{
        EntryCode, Fault, LeftOut, MAX_EXTERNAL_ID, Position, Reading, UserRules, direction_note, read_user,
        straightened, unidentified,
    },
    user::Profile,
};

use crate::protocol::ldap::{Entry, Query, all_of, external_id, groups_filter, sent, users_filter};

/// 128 bits of SHA-256: enough to tell entries apart, and small enough to remember all of them.
pub(super) fn fingerprint(text: &str) -> u128 {
    let hash = digest(&SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    u128::from_be_bytes(bytes)
}

/// The same as text, for storing.
pub(super) fn content_hash(text: &str) -> String {
    format!("{:032x}", fingerprint(text))
}

/// Such a hash of several values, one after the other.
pub(super) struct Digest(Context);

impl Digest {
    pub(super) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(super) fn add(&mut self, value: &[u8]) {
        // Where a value ends counts too.
        self.0.update(&(value.len() as u64).to_be_bytes());
        self.0.update(value);
    }

    pub(super) fn text(self) -> String {
        let hash = self.0.finish();
        hash.as_ref()[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// An entry of a user as it was read.
#[derive(Debug, Clone)]
pub(super) struct SeenUser {
    pub(super) external_id: String,
    /// The identifier as a filter compares with it.
    pub(super) assertion: String,
    pub(super) dn: String,
    pub(super) profile: Result<Profile, Fault>,
    /// Values that were not used.
    pub(super) left_out: Vec<LeftOut>,
    /// A hash of everything that is stored of it.
    pub(super) content: String,
    pub(super) is_disabled: bool,
    /// What the log says of it beside what happens to it.
    pub(super) note: Option<String>,
}

/// Reads what is asked of entries.
pub(super) struct Reader {
    config: LdapConfig,
    rules: UserRules,
}

impl Reader {
    pub(super) fn new(provider: &IdentityProvider, config: &LdapConfig) -> Self {
        let rules = UserRules::new(
            config.naming_attribute(),
            &provider.mapping,
            &provider.allowed_domains,
            !config.groups.enabled,
        );
        Self { config: config.clone(), rules }
    }

    /// The attribute that identifies users.
    pub(super) fn identifier(&self) -> &str {
        self.config.identifying_attribute()
    }

    /// A hash of every setting that decides what is found and what is made of it: when one changes, what did not change
    /// in the directory has to be looked at again.
    pub(super) fn settings(&self, provider: &IdentityProvider) -> String {
        let config = &self.config;
        let settings = serde_json::json!([
            [config.vendor, config.users_below(), config.user_search_scope, config.user_classes(), config.user_filter],
            [
                config.naming_attribute(),
                config.identifying_attribute(),
                config.disabled_users(),
                config.limits.referrals
            ],
            [config.sync.delta_strategy, config.sync.link_existing, config.sync.reactivate, config.sync.trust_email],
            [self.rules.singles, self.rules.lists, self.rules.allowed_domains, provider.provisioning.auto_create_users],
        ]);
        content_hash(&settings.to_string())
    }

    /// The search for users: all of them, or those that changed.
    pub(super) fn users(&self, since: Option<(&Position, &[String])>) -> Query {
        let mut attributes = self.rules.attributes();
        let id = self.config.identifying_attribute();
        if !attributes.iter().any(|name| name.eq_ignore_ascii_case(id)) {
            attributes.push(id.to_owned());
        }
        self.user_query(since, None, attributes)
    }

    /// The search for users that are switched off, if they can be told.
    pub(super) fn disabled_users(&self, since: Option<(&Position, &[String])>) -> Option<Query> {
        let filter = sent(self.config.disabled_users()?);
        Some(self.user_query(since, Some(&filter), vec![self.config.identifying_attribute().to_owned()]))
    }

    fn user_query(&self, since: Option<(&Position, &[String])>, and: Option<&str>, attributes: Vec<String>) -> Query {
        let users = users_filter(&self.config);
        let changed = since.map(|(position, retry)| self.changed_since(position, retry));
        let filters = [Some(users.as_str()), and, changed.as_deref()];
        Query {
            base: self.config.users_below().to_owned(),
            scope: self.config.user_search_scope,
            filter: all_of(filters.into_iter().flatten()),
            attributes,
            page_size: self.config.limits.page_size,
        }
    }

    /// Finds what changed, and what is worth another look.
    fn changed_since(&self, position: &Position, retry: &[String]) -> String {
        let mut filter = format!("(|{}", self.changed_after(position));
        for assertion in retry {
            filter.push_str(&format!("({}={assertion})", self.config.identifying_attribute()));
        }
        filter.push(')');
        filter
    }

    fn changed_after(&self, position: &Position) -> String {
        match position {
            // What Active Directory calls `modifyTimestamp` is computed and cannot be searched for.
            Position::Time(at) if self.config.vendor == LdapVendor::ActiveDirectory => {
                format!("(whenChanged>={}.0Z)", at.generalized().trim_end_matches('Z'))
            }
            Position::Time(at) => format!("(modifyTimestamp>={})", at.generalized()),
            Position::Usn { highest, .. } => format!("(uSNChanged>={})", highest.saturating_add(1)),
        }
    }

    /// The search for groups.
    pub(super) fn groups(&self) -> Query {
        let groups = &self.config.groups;
        Query {
            base: self.config.groups_below().to_owned(),
            scope: groups.search_scope,
            filter: groups_filter(&self.config),
            attributes: vec![
                self.config.identifying_attribute().to_owned(),
                groups.name_attribute.clone(),
                groups.member_attribute.clone(),
            ],
            page_size: self.config.limits.page_size,
        }
    }

    /// What identifies an entry for good, and the same as a filter compares with it.
    pub(super) fn external_id(&self, entry: &Entry) -> Result<(String, String), Fault> {
        let (id, value) = identify(self.config.identifying_attribute(), entry)?;
        Ok((id, escaped(value)))
    }

    /// Reads a user.
    pub(super) fn user(&self, entry: &Entry, is_disabled: impl FnOnce(&str) -> bool) -> Result<SeenUser, Fault> {
        let (external_id, assertion) = self.external_id(entry)?;
        let read = check_dn(&entry.dn).and_then(|()| read_user(&self.rules, |name| entry.read(name)));
        let read = read.and_then(|Reading { profile, left_out }| {
            let (profile, changed) = straightened(profile)?;
            Ok((profile, left_out, direction_note(&changed)))
        });
        let (profile, left_out, note) = match read {
            Ok((profile, left_out, note)) => (Ok(profile), left_out, note),
            Err(fault) => (Err(fault), Vec::new(), None),
        };
        let content = profile.as_ref().map(|profile| {
            let is_verified = self.config.sync.trust_email;
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

/// What identifies an entry for good, and the value that it was made of.
pub(in crate::core) fn identify<'a>(attribute: &str, entry: &'a Entry) -> Result<(String, &'a [u8]), Fault> {
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

/// The longest distinguished name that is kept, in characters. Members are found by whole names, so none is cut.
const MAX_DN: usize = 8000;

/// Sees that a distinguished name can be kept.
pub(in crate::core) fn check_dn(dn: &str) -> Result<(), Fault> {
    if dn.len() <= MAX_DN || dn.chars().nth(MAX_DN).is_none() {
        return Ok(());
    }
    let message =
        format!("The distinguished name has more than {MAX_DN} characters. Move the entry nearer to the root.");
    Err(Fault::new(EntryCode::DnTooLong, message))
}

/// A distinguished name as it is stored.
pub(super) fn stored_dn(dn: &str) -> String {
    let dn = if dn.contains('\0') { dn.replace('\0', "\u{fffd}") } else { dn.to_owned() };
    match dn.char_indices().nth(MAX_DN) {
        Some((end, _)) => format!("{}…", &dn[..end]),
        None => dn,
    }
}

/// A value as a filter compares with it: letters and digits as they are, everything else escaped (RFC 4515, section 3).
fn escaped(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "\\{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_holds_nothing_but_what_was_meant() {
        assert_eq!(escaped(b"a-1*)(b"), r"a\2d1\2a\29\28b");
    }
}
