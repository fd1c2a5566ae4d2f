//! The texts that LDAP is full of, distinguished names and attribute names, checked without a directory; and what is
//! read of a directory before anything is saved.
//!
//! Filters are parsed by the server alone, with the library that sends them.

mod attribute;
mod directory;
mod dn;
mod fold;
mod password;

pub use attribute::{is_attribute, is_attribute_description, same_attribute, short_name};
pub use directory::{DirectoryReport, DirectoryUser, SchemaAttribute};
pub use dn::{DnFault, check_dn};
pub use fold::fold_dn;
pub use password::holds_passwords;
