//! The settings of a directory as a whole.

use serde::{Deserialize, Serialize};

use super::{LdapGroups, LdapLimits, LdapScope, LdapVendor, SyncPolicy};
use crate::domain::{named::named, secret::Secret, timestamp::Timestamp};

/// The settings of an LDAP directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapConfig {
    /// The product, which determines the defaults of other settings.
    pub vendor: LdapVendor,
    /// `ldap://` or `ldaps://` addresses, tried in order.
    pub urls: Vec<String>,
    /// Whether a plain connection is upgraded to TLS (RFC 4511, section 4.14).
    pub start_tls: bool,
    /// Whether the server's certificate is checked.
    pub tls_verify: bool,
    /// Certificate authorities of the servers in PEM, in place of the system's.
    pub ca_certificate: Option<String>,
    /// The client certificate with its chain, in PEM.
    pub client_certificate: Option<String>,
    /// The private key of that certificate, in PEM.
    #[serde(skip)]
    pub client_key: Option<Secret>,
    /// Whether a key is stored, for callers who may not see it.
    pub has_client_key: bool,
    /// How to authenticate.
    pub bind_type: LdapBind,
    /// The name to authenticate with (RFC 4514).
    pub bind_dn: Option<String>,
    /// The password of the bind.
    #[serde(skip)]
    pub bind_password: Option<Secret>,
    /// Whether a bind password is stored, for callers who may not see it.
    pub has_bind_password: bool,
    /// When the bind password was last changed. Absent without one, and when it was set before this was recorded.
    pub bind_password_changed_at: Option<Timestamp>,
    /// The base of all searches (RFC 4514).
    pub base_dn: String,
    /// Where users are searched, when narrower.
    pub user_base_dn: Option<String>,
    /// The scope of the search for users.
    pub user_search_scope: LdapScope,
    /// Object classes that a user must have; the product's default when empty.
    pub user_object_classes: Vec<String>,
    /// An additional filter for users (RFC 4515).
    pub user_filter: Option<String>,
    /// The attribute that users sign in with; the product's default when absent.
    pub username_attribute: Option<String>,
    /// The permanent identifier; the product's default when absent.
    pub external_id_attribute: Option<String>,
    /// Matches disabled users (RFC 4515); the product's default when absent.
    pub disabled_filter: Option<String>,
    /// Groups and their members.
    pub groups: LdapGroups,
    /// Limits of size and time.
    pub limits: LdapLimits,
    /// What the synchronisation does and when.
    pub sync: SyncPolicy,
}

impl Default for LdapConfig {
    fn default() -> Self {
        Self {
            vendor: LdapVendor::Generic,
            urls: Vec::new(),
            start_tls: false,
            tls_verify: true,
            ca_certificate: None,
            client_certificate: None,
            client_key: None,
            has_client_key: false,
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
            disabled_filter: None,
            groups: LdapGroups::default(),
            limits: LdapLimits::default(),
            sync: SyncPolicy::default(),
        }
    }
}

impl LdapConfig {
    /// The attribute with a user's permanent identifier: the configured one, else the product's default.
    pub fn identifying_attribute(&self) -> &str {
        self.external_id_attribute.as_deref().unwrap_or(self.vendor.external_id_attribute())
    }

    /// The attribute that users sign in with: the configured one, else the product's default.
    pub fn naming_attribute(&self) -> &str {
        self.username_attribute.as_deref().unwrap_or(self.vendor.username_attribute())
    }

    /// The base of the search for users.
    pub fn users_below(&self) -> &str {
        self.user_base_dn.as_deref().unwrap_or(&self.base_dn)
    }

    /// The base of the search for groups.
    pub fn groups_below(&self) -> &str {
        self.groups.base_dn.as_deref().unwrap_or(&self.base_dn)
    }

    /// The classes that a user must have: the configured ones, else the product's default.
    pub fn user_classes(&self) -> Vec<&str> {
        match self.user_object_classes.as_slice() {
            [] => vec![self.vendor.user_object_class()],
            chosen => chosen.iter().map(String::as_str).collect(),
        }
    }

    /// The classes that a group must have: the configured ones, else the product's default.
    pub fn group_classes(&self) -> Vec<&str> {
        match self.groups.object_classes.as_slice() {
            [] => vec![self.vendor.group_object_class()],
            chosen => chosen.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a connection to one of the servers is not encrypted.
    pub fn has_plain_connection(&self) -> bool {
        let is_plain =
            |url: &String| url.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("ldap://"));
        !self.start_tls && self.urls.iter().any(is_plain)
    }

    /// The filter that matches disabled users: the configured one, else the product's default, if it has one.
    pub fn disabled_users(&self) -> Option<&str> {
        self.disabled_filter.as_deref().or(self.vendor.disabled_filter())
    }
}

named! {
    /// How to authenticate at a directory (RFC 4513).
    LdapBind, UnknownLdapBind {
        /// With name and password.
        Simple = "simple" / "DN and password",
        /// Without credentials.
        Anonymous = "anonymous" / "Anonymous",
        /// With the client certificate of the TLS connection.
        SaslExternal = "sasl_external" / "Client certificate (SASL EXTERNAL)",
    }
}
