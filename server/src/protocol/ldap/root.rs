//! What a server says of itself (RFC 4512, section 5.1).

use vestibule_app::domain::provider::LdapVendor;

/// What a server says of itself (RFC 4512, section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RootDse {
    /// Where its entries lie below.
    pub(crate) naming_contexts: Vec<String>,
    /// The one to begin with, as Active Directory names it.
    pub(crate) default_naming_context: Option<String>,
    /// The product, as far as it can be told.
    pub(crate) vendor: Option<LdapVendor>,
    /// The product in words: `vendorName` and `vendorVersion`.
    pub(crate) product: Option<String>,
    /// Whether results come in pages (RFC 2696).
    pub(crate) pages: bool,
    /// Active Directory: the number of the last change at this server.
    pub(crate) highest_committed_usn: Option<u64>,
    /// Active Directory: which copy of the database the number counts.
    pub(crate) invocation_id: Option<String>,
    /// Where the schema lies.
    pub(crate) subschema: Option<String>,
}
