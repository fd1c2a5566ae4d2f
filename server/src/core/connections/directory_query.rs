//! The search for users, as a synchronisation does it.

use vestibule_app::domain::provider::LdapConfig;

use crate::protocol::ldap::{Query, users_filter};

/// How many users are shown.
pub(super) const SAMPLE: u16 = 5;

/// Searches for all users, and reads some of their attributes.
pub(super) fn users(config: &LdapConfig, attributes: Vec<String>) -> Query {
    Query {
        base: config.users_below().to_owned(),
        scope: config.user_search_scope,
        filter: users_filter(config),
        attributes,
        page_size: 0,
    }
}
