//! The settings of an LDAP directory.

mod check;
mod fields;
mod groups;
mod limits;
mod sync_policy;

pub(in crate::domain) use check::check;
pub use check::check_directory_mapping;
#[cfg(feature = "ssr")]
pub use fields::InvalidLdapValue;
pub use fields::{LdapField, LdapFieldKind, LdapSection, LdapValue};
pub use groups::{LdapGroups, MemberFormat};
pub use limits::{LdapLimits, Referrals};
pub use sync_policy::{DeltaStrategy, LinkExisting, MissingUsers, Reactivate, SyncPolicy};

use serde::{Deserialize, Serialize};

use crate::domain::{named::named, secret::Secret, timestamp::Timestamp};

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
    /// Certificate authorities of the servers in PEM, in place of the system's.
    pub ca_certificate: Option<String>,
    /// The certificate that the TLS connection shows, with its chain, in PEM.
    pub client_certificate: Option<String>,
    /// The key of that certificate in PEM.
    #[serde(skip)]
    pub client_key: Option<Secret>,
    /// Whether a key is stored, for readers who may not see it.
    pub has_client_key: bool,
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
    /// Object classes a user must all have; the product's own when empty.
    pub user_object_classes: Vec<String>,
    /// A further filter for users (RFC 4515).
    pub user_filter: Option<String>,
    /// The attribute users sign in with.
    pub username_attribute: Option<String>,
    /// The attribute that never changes.
    pub external_id_attribute: Option<String>,
    /// Finds users that are switched off in the directory (RFC 4515); the product's own when absent.
    pub disabled_filter: Option<String>,
    /// Groups and their members.
    pub groups: LdapGroups,
    /// Sizes and times.
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
    /// The attribute that identifies a user for good: the one that was chosen, else the product's own.
    pub fn identifying_attribute(&self) -> &str {
        self.external_id_attribute.as_deref().unwrap_or(self.vendor.external_id_attribute())
    }

    /// The attribute users sign in with: the one that was chosen, else the product's own.
    pub fn naming_attribute(&self) -> &str {
        self.username_attribute.as_deref().unwrap_or(self.vendor.username_attribute())
    }

    /// Where users lie below.
    pub fn users_below(&self) -> &str {
        self.user_base_dn.as_deref().unwrap_or(&self.base_dn)
    }

    /// Where groups lie below.
    pub fn groups_below(&self) -> &str {
        self.groups.base_dn.as_deref().unwrap_or(&self.base_dn)
    }

    /// The classes a user must all have: those that were chosen, else the product's own.
    pub fn user_classes(&self) -> Vec<&str> {
        match self.user_object_classes.as_slice() {
            [] => vec![self.vendor.user_object_class()],
            chosen => chosen.iter().map(String::as_str).collect(),
        }
    }

    /// The classes a group must all have: those that were chosen, else the product's own.
    pub fn group_classes(&self) -> Vec<&str> {
        match self.groups.object_classes.as_slice() {
            [] => vec![self.vendor.group_object_class()],
            chosen => chosen.iter().map(String::as_str).collect(),
        }
    }

    /// Finds users that are switched off: the filter that was chosen, else the product's own, if it has one.
    pub fn disabled_users(&self) -> Option<&str> {
        self.disabled_filter.as_deref().or(self.vendor.disabled_filter())
    }
}

named! {
    /// Directory products with defaults of their own.
    LdapVendor, UnknownLdapVendor {
        /// Any server that follows RFC 4511.
        Generic = "generic" / "Any LDAP server",
        /// Microsoft Active Directory.
        ActiveDirectory = "active_directory" / "Microsoft Active Directory",
        /// OpenLDAP.
        Openldap = "openldap" / "OpenLDAP",
        /// 389 Directory Server.
        Ds389 = "389ds" / "389 Directory Server",
        /// FreeIPA.
        Freeipa = "freeipa" / "FreeIPA",
        /// NetIQ eDirectory.
        Edirectory = "edirectory" / "NetIQ eDirectory",
    }
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

    /// The attribute users sign in with.
    pub const fn username_attribute(self) -> &'static str {
        match self {
            Self::ActiveDirectory => "sAMAccountName",
            Self::Generic | Self::Openldap | Self::Ds389 | Self::Freeipa | Self::Edirectory => "uid",
        }
    }

    /// The object class of users.
    pub const fn user_object_class(self) -> &'static str {
        match self {
            Self::ActiveDirectory => "user",
            Self::Generic | Self::Openldap | Self::Ds389 | Self::Freeipa | Self::Edirectory => "inetOrgPerson",
        }
    }

    /// The object class of groups.
    pub const fn group_object_class(self) -> &'static str {
        match self {
            Self::ActiveDirectory => "group",
            Self::Generic | Self::Openldap | Self::Ds389 | Self::Freeipa | Self::Edirectory => "groupOfNames",
        }
    }

    /// Finds users that are switched off. Active Directory has a bit of a number for it, looked at by a matching rule.
    pub const fn disabled_filter(self) -> Option<&'static str> {
        match self {
            Self::ActiveDirectory => Some("(userAccountControl:1.2.840.113556.1.4.803:=2)"),
            Self::Ds389 | Self::Freeipa => Some("(nsAccountLock=true)"),
            Self::Generic | Self::Openldap | Self::Edirectory => None,
        }
    }
}

named! {
    /// How to authenticate at a directory (RFC 4513).
    LdapBind, UnknownLdapBind {
        /// With name and password.
        Simple = "simple" / "DN and password",
        /// Not at all.
        Anonymous = "anonymous" / "Anonymous",
        /// With the client certificate of the TLS connection.
        SaslExternal = "sasl_external" / "Client certificate (SASL EXTERNAL)",
    }
}

named! {
    /// How deep a search goes (RFC 4511, section 4.5.1.2).
    LdapScope, UnknownLdapScope {
        /// Everything below.
        Subtree = "subtree" / "Whole subtree",
        /// Direct children only.
        OneLevel = "one_level" / "One level",
    }
}
