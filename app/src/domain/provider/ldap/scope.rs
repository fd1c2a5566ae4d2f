//! How deep a search goes.

use crate::domain::named::named;

named! {
    /// The scope of a search (RFC 4511, section 4.5.1.2).
    LdapScope, UnknownLdapScope {
        /// The base and everything below it.
        Subtree = "subtree" / "Whole subtree",
        /// Direct children only.
        OneLevel = "one_level" / "One level",
    }
}
