//! What to search for.

use vestibule_app::domain::provider::LdapScope;

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// Below which entry (RFC 4514).
    pub(crate) base: String,
    /// How deep.
    pub(crate) scope: LdapScope,
    /// Which entries (RFC 4515).
    pub(crate) filter: String,
    /// Which attributes to answer; operational ones only by name.
    pub(crate) attributes: Vec<String>,
    /// Entries in a page; 0 asks for everything at once.
    pub(crate) page_size: u16,
}
