//! Reads LDAP directories (RFC 4511): connects within the outbound rules, binds, and searches page by page.
//!
//! The messages of the protocol are `ldap3`'s. What it does not do is here: connecting to judged addresses, TLS with a
//! configuration of its own for each directory, and a guard between the network and the library, since the library
//! takes for granted that a server means well ([ADR 0011](../../../../docs/adr/0011-guarded-ldap-client.md)).

mod address;
mod connect;
mod directory;
mod entries;
mod entry;
mod error;
mod external_id;
mod filter;
mod frame;
mod guard;
mod probe;
mod query;
mod ranges;
mod referral;
mod result;
mod root;
mod schema;
mod session;
mod start_tls;
mod tls;

pub use connect::{Bound, Connected, Secured};
pub use directory::{Count, Directory};
pub use entries::Entries;
pub use entry::Entry;
pub use error::{LdapError, LdapErrorKind};
pub use external_id::external_id;
pub use filter::{FilterFault, all_of, check_filter, equals, groups_filter, sent, users_filter};
pub use query::Query;
pub use root::RootDse;
pub use schema::Schema;
pub use tls::{PemFault, check_authorities, check_client_identity, check_key};
