//! What a directory says of itself, and some of its users, read before anything is saved.

use serde::{Deserialize, Serialize};

use super::same_attribute;
use crate::domain::provider::LdapVendor;

/// What a directory says of itself (RFC 4512, sections 4.2 and 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryReport {
    /// The server that answered.
    pub url: String,
    /// The product, as far as it can be told.
    pub vendor: Option<LdapVendor>,
    /// The product in the server's own words.
    pub product: Option<String>,
    /// Whether results come in pages (RFC 2696).
    pub pages: bool,
    /// Whether StartTLS is offered (RFC 4511, section 4.14).
    pub start_tls: bool,
    /// Where entries lie below; the one to begin with comes first.
    pub bases: Vec<String>,
    /// Attributes that the schema knows, by their first name. None that holds passwords.
    pub attributes: Vec<SchemaAttribute>,
    /// Object classes that the schema knows, by their first name; abstract ones left out.
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

/// A user of a directory with the values that can be shown: texts, and the identifier as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryUser {
    /// Where the entry lies (RFC 4514).
    pub dn: String,
    /// Attributes with their values. None that holds passwords.
    pub attributes: Vec<(String, Vec<String>)>,
}

impl DirectoryUser {
    /// The values of an attribute by any of its names, in any letter case.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let found = self.attributes.iter().find(|(attribute, _)| same_attribute(attribute, name));
        found.map(|(_, values)| values.iter().map(String::as_str).collect()).unwrap_or_default()
    }
}
