//! The searches of a run, and the settings that decide what they find.

use vestibule_app::domain::{
    provider::{IdentityProvider, LdapConfig, LdapVendor},
    sync::{Plan, Position, UserRules},
};

use super::{hash::content_hash, reader::EntryReader};
use crate::protocol::ldap::{Query, all_of, groups_filter, sent, users_filter};

/// What a delta run searches for.
pub(crate) struct Changes<'a> {
    /// Entries that changed since.
    position: &'a Position,
    /// Identifiers, as filters have them, of entries that are processed again although they did not change.
    retry: &'a [String],
}

impl<'a> Changes<'a> {
    /// Returns `None` for a full run.
    pub(crate) fn of(plan: &'a Plan) -> Option<Self> {
        match plan {
            Plan::Full(_) => None,
            Plan::Delta { since, retry } => Some(Self { position: since, retry }),
        }
    }
}

/// The searches of a provider's runs.
pub(crate) struct EntrySearches {
    vendor: LdapVendor,
    identifying_attribute: String,
    /// All users.
    users: Query,
    /// Matches users that are switched off in the directory, where the settings say which those are.
    disabled_filter: Option<String>,
    groups: Query,
    settings_hash: String,
}

impl EntrySearches {
    pub(crate) fn new(provider: &IdentityProvider, config: &LdapConfig, reader: &EntryReader) -> Self {
        let id = config.identifying_attribute();
        let mut attributes = reader.rules().attributes();
        if !attributes.iter().any(|name| name.eq_ignore_ascii_case(id)) {
            attributes.push(id.to_owned());
        }
        let page_size = config.limits.page_size;
        Self {
            vendor: config.vendor,
            identifying_attribute: id.to_owned(),
            users: Query {
                base: config.users_below().to_owned(),
                scope: config.user_search_scope,
                filter: users_filter(config),
                attributes,
                page_size,
            },
            disabled_filter: config.disabled_users().map(|filter| sent(filter).into_owned()),
            groups: Query {
                base: config.groups_below().to_owned(),
                scope: config.groups.search_scope,
                filter: groups_filter(config),
                attributes: vec![
                    id.to_owned(),
                    config.groups.name_attribute.clone(),
                    config.groups.member_attribute.clone(),
                ],
                page_size,
            },
            settings_hash: settings_hash(provider, config, reader.rules()),
        }
    }

    /// A hash of every setting that decides which users are found and what is stored of them. When one changes, entries
    /// that did not change have to be read again.
    pub(crate) fn settings_hash(&self) -> &str {
        &self.settings_hash
    }

    /// The search for users: all of them, or those that changed.
    pub(crate) fn users(&self, changes: Option<&Changes<'_>>) -> Query {
        self.user_query(changes, None, self.users.attributes.clone())
    }

    /// The search for users that are switched off. Returns `None` when the settings do not say which those are.
    pub(crate) fn disabled_users(&self, changes: Option<&Changes<'_>>) -> Option<Query> {
        let filter = self.disabled_filter.as_deref()?;
        Some(self.user_query(changes, Some(filter), vec![self.identifying_attribute.clone()]))
    }

    /// The search for groups.
    pub(crate) fn groups(&self) -> Query {
        self.groups.clone()
    }

    fn user_query(&self, changes: Option<&Changes<'_>>, and: Option<&str>, attributes: Vec<String>) -> Query {
        let changed = changes.map(|changes| self.changed_since(changes));
        let filters = [Some(self.users.filter.as_str()), and, changed.as_deref()];
        let filter = all_of(filters.into_iter().flatten());
        Query { filter, attributes, base: self.users.base.clone(), ..self.users }
    }

    fn changed_since(&self, changes: &Changes<'_>) -> String {
        let Changes { position, retry } = changes;
        let mut filter = format!("(|{}", self.changed_after(position));
        for assertion in *retry {
            filter.push_str(&format!("({}={assertion})", self.identifying_attribute));
        }
        filter.push(')');
        filter
    }

    fn changed_after(&self, position: &Position) -> String {
        match position {
            // Active Directory computes `modifyTimestamp`, so that no filter finds it.
            Position::Time(at) if self.vendor == LdapVendor::ActiveDirectory => {
                format!("(whenChanged>={}.0Z)", at.generalized().trim_end_matches('Z'))
            }
            Position::Time(at) => format!("(modifyTimestamp>={})", at.generalized()),
            Position::Usn { highest, .. } => format!("(uSNChanged>={})", highest.saturating_add(1)),
        }
    }
}

fn settings_hash(provider: &IdentityProvider, config: &LdapConfig, rules: &UserRules) -> String {
    let settings = serde_json::json!([
        [config.vendor, config.users_below(), config.user_search_scope, config.user_classes(), config.user_filter],
        [config.naming_attribute(), config.identifying_attribute(), config.disabled_users(), config.limits.referrals],
        [config.sync.delta_strategy, config.sync.link_existing, config.sync.reactivate, config.sync.trust_email],
        [rules.singles, rules.lists, rules.allowed_domains, provider.provisioning.auto_create_users],
    ]);
    content_hash(&settings.to_string())
}
