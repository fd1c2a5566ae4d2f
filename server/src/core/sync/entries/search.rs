//! The searches of a run.

use vestibule_app::domain::{
    provider::{IdentityProvider, LdapVendor},
    sync::{Plan, Position},
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

impl EntryReader {
    /// A hash of every setting that decides which users are found and what is stored of them. When one changes, entries
    /// that did not change have to be read again.
    pub(crate) fn settings_hash(&self, provider: &IdentityProvider) -> String {
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
    pub(crate) fn users(&self, changes: Option<&Changes<'_>>) -> Query {
        let mut attributes = self.rules.attributes();
        let id = self.config.identifying_attribute();
        if !attributes.iter().any(|name| name.eq_ignore_ascii_case(id)) {
            attributes.push(id.to_owned());
        }
        self.user_query(changes, None, attributes)
    }

    /// The search for users that are switched off. Returns `None` when the settings do not say which those are.
    pub(crate) fn disabled_users(&self, changes: Option<&Changes<'_>>) -> Option<Query> {
        let filter = sent(self.config.disabled_users()?);
        Some(self.user_query(changes, Some(&filter), vec![self.config.identifying_attribute().to_owned()]))
    }

    fn user_query(&self, changes: Option<&Changes<'_>>, and: Option<&str>, attributes: Vec<String>) -> Query {
        let users = users_filter(&self.config);
        let changed = changes.map(|changes| self.changed_since(changes));
        let filters = [Some(users.as_str()), and, changed.as_deref()];
        Query {
            base: self.config.users_below().to_owned(),
            scope: self.config.user_search_scope,
            filter: all_of(filters.into_iter().flatten()),
            attributes,
            page_size: self.config.limits.page_size,
        }
    }

    fn changed_since(&self, changes: &Changes<'_>) -> String {
        let Changes { position, retry } = changes;
        let mut filter = format!("(|{}", self.changed_after(position));
        for assertion in *retry {
            filter.push_str(&format!("({}={assertion})", self.config.identifying_attribute()));
        }
        filter.push(')');
        filter
    }

    fn changed_after(&self, position: &Position) -> String {
        match position {
            // Active Directory computes `modifyTimestamp`, so that no filter finds it.
            Position::Time(at) if self.config.vendor == LdapVendor::ActiveDirectory => {
                format!("(whenChanged>={}.0Z)", at.generalized().trim_end_matches('Z'))
            }
            Position::Time(at) => format!("(modifyTimestamp>={})", at.generalized()),
            Position::Usn { highest, .. } => format!("(uSNChanged>={})", highest.saturating_add(1)),
        }
    }

    /// The search for groups.
    pub(crate) fn groups(&self) -> Query {
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
}
