//! The texts that LDAP is full of: distinguished names and attribute names, checked without a directory.
//!
//! Filters are parsed by the server alone, with the library that sends them.

mod attribute;
mod dn;

pub use attribute::is_attribute;
pub use dn::{DnFault, check_dn};
