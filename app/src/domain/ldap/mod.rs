//! LDAP without a directory: distinguished names and attribute names are checked here, and what the portal reads of a
//! directory before settings are saved has its types here.
//!
//! Only the server parses filters, with the library that sends them.

mod attribute;
mod directory;
mod dn;
mod fold;
mod password;

pub use attribute::{is_attribute, is_attribute_description, same_attribute, short_name};
pub use directory::{DirectoryReport, DirectoryUser, SchemaAttribute};
pub use dn::{DnError, check_dn};
pub use fold::fold_dn;
pub use password::holds_passwords;
