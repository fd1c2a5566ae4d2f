//! What to search for.

use ldap3::Scope;
use vestibule_app::domain::provider::LdapScope;

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Below which entry (RFC 4514).
    pub base: String,
    /// How deep.
    pub scope: LdapScope,
    /// Which entries (RFC 4515).
    pub filter: String,
    /// Which attributes to answer; operational ones only by name.
    pub attributes: Vec<String>,
    /// Entries in a page; 0 asks for everything at once.
    pub page_size: u16,
}

pub(super) fn depth(scope: LdapScope) -> Scope {
    match scope {
        LdapScope::Subtree => Scope::Subtree,
        LdapScope::OneLevel => Scope::OneLevel,
    }
}
