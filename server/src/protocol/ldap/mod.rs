//! Reads LDAP directories (RFC 4511): connects within the outbound rules, binds, and searches page by page.

mod directory;
mod entry;
mod error;
mod query;
mod root;

pub(crate) use directory::{Directory, Entries};
pub(crate) use entry::Entry;
pub(crate) use error::{LdapError, LdapErrorKind};
pub(crate) use query::Query;
pub(crate) use root::RootDse;
