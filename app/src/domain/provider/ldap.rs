//! The settings of an LDAP directory.

use serde::{Deserialize, Serialize};

use crate::domain::{secret::Secret, timestamp::Timestamp};

/// The settings of an LDAP directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapConfig {
    /// The product, which sets the defaults of the other settings.
    pub vendor: LdapVendor,
    /// `ldap://` or `ldaps://` addresses, tried in order.
    pub urls: Vec<String>,
    /// Whether a plain connection is upgraded to TLS (RFC 4511, section 4.14).
    pub start_tls: bool,
    /// Whether the server's certificate is checked.
    pub tls_verify: bool,
    /// How to authenticate.
    pub bind_type: LdapBind,
    /// Who to authenticate as (RFC 4514).
    pub bind_dn: Option<String>,
    /// The password of the bind.
    #[serde(skip)]
    pub bind_password: Option<Secret>,
    /// Whether a bind password is stored, for readers who may not see it.
    pub has_bind_password: bool,
    /// When the bind password was set to what it is. Absent without one, and where it is older than this record.
    pub bind_password_changed_at: Option<Timestamp>,
    /// Where everything lies below (RFC 4514).
    pub base_dn: String,
    /// Where users lie below, when narrower.
    pub user_base_dn: Option<String>,
    /// How deep users are searched.
    pub user_search_scope: LdapScope,
    /// Object classes a user must all have.
    pub user_object_classes: Vec<String>,
    /// A further filter for users (RFC 4515).
    pub user_filter: Option<String>,
    /// The attribute users sign in with.
    pub username_attribute: Option<String>,
    /// The attribute that never changes.
    pub external_id_attribute: Option<String>,
}

impl Default for LdapConfig {
    fn default() -> Self {
        Self {
            vendor: LdapVendor::Generic,
            urls: Vec::new(),
            start_tls: false,
            tls_verify: true,
            bind_type: LdapBind::Simple,
            bind_dn: None,
            bind_password: None,
            has_bind_password: false,
            bind_password_changed_at: None,
            base_dn: String::new(),
            user_base_dn: None,
            user_search_scope: LdapScope::Subtree,
            user_object_classes: Vec::new(),
            user_filter: None,
            username_attribute: None,
            external_id_attribute: None,
        }
    }
}

impl LdapConfig {
    /// The attribute that identifies a user for good: the one that was chosen, else the product's own.
    pub fn identifying_attribute(&self) -> &str {
        self.external_id_attribute.as_deref().unwrap_or(self.vendor.external_id_attribute())
    }
}

/// Directory products with defaults of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LdapVendor {
    /// Any server that follows RFC 4511.
    Generic,
    /// Microsoft Active Directory.
    ActiveDirectory,
    /// OpenLDAP.
    Openldap,
    /// 389 Directory Server.
    #[serde(rename = "389ds")]
    Ds389,
    /// FreeIPA.
    Freeipa,
    /// NetIQ eDirectory.
    Edirectory,
}

impl LdapVendor {
    /// The attribute that never changes and is never given to somebody else.
    pub const fn external_id_attribute(self) -> &'static str {
        match self {
            Self::Generic | Self::Openldap => "entryUUID",
            Self::ActiveDirectory => "objectGUID",
            Self::Ds389 => "nsUniqueId",
            Self::Freeipa => "ipaUniqueID",
            Self::Edirectory => "GUID",
        }
    }
}

/// How to authenticate at a directory (RFC 4513).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LdapBind {
    /// With name and password.
    Simple,
    /// Not at all.
    Anonymous,
    /// With the client certificate of the TLS connection.
    SaslExternal,
}

/// How deep a search goes (RFC 4511, section 4.5.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LdapScope {
    /// Everything below.
    Subtree,
    /// Direct children only.
    OneLevel,
}
