//! The settings of an LDAP directory.

mod config;

mod check;
mod fields;
mod groups;
mod input;
mod limits;
mod scope;
mod sync_policy;
mod vendor;

pub(in crate::domain) use check::check;
pub use check::check_directory_mapping;
pub use config::{LdapBind, LdapConfig};
pub use fields::{InvalidLdapValue, LdapEntry, LdapField, LdapFieldKind, LdapSection, LdapValue};
pub use groups::{LdapGroups, MemberFormat};
pub use input::LdapInput;
pub use limits::{LdapLimits, Referrals};
pub use scope::LdapScope;
pub use sync_policy::{DeltaStrategy, LinkExisting, MissingUsers, Reactivate, SyncPolicy};
pub use vendor::LdapVendor;
