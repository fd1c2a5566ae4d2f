//! What a directory reports about itself, and some of its users, read before settings are saved.

use serde::{Deserialize, Serialize};

use super::same_attribute;
use crate::domain::provider::LdapVendor;

/// What a directory reports about itself (RFC 4512, sections 4.2 and 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryReport {
    /// The server that answered.
    pub url: String,
    /// The product, when it can be recognised.
    pub vendor: Option<LdapVendor>,
    /// The product as the server describes it.
    pub product: Option<String>,
    /// Whether paged results are supported (RFC 2696).
    pub pages: bool,
    /// Whether StartTLS is supported (RFC 4511, section 4.14).
    pub start_tls: bool,
    /// Naming contexts, the default one first.
    pub bases: Vec<String>,
    /// Attributes of the schema by their first name, without those that hold passwords.
    pub attributes: Vec<SchemaAttribute>,
    /// Object classes of the schema by their first name, without abstract ones.
    pub classes: Vec<String>,
}

/// An attribute of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaAttribute {
    /// Its first name.
    pub name: String,
    /// Whether an entry has at most one value of it.
    pub single: bool,
}

/// A user of a directory with displayable values: texts, and the permanent identifier as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryUser {
    /// The entry's distinguished name (RFC 4514).
    pub dn: String,
    /// Attributes with their values, without those that hold passwords.
    pub attributes: Vec<(String, Vec<String>)>,
}

impl DirectoryUser {
    /// The values of an attribute by any of its names, in any letter case.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let found = self.attributes.iter().find(|(attribute, _)| same_attribute(attribute, name));
        found.map(|(_, values)| values.iter().map(String::as_str).collect()).unwrap_or_default()
    }
}
