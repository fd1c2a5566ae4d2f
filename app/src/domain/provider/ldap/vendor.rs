//! Directory products and their defaults.

use crate::domain::named::named;

named! {
    /// Directory products with their own defaults.
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
    /// The attribute that never changes and is never reassigned.
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

    /// The filter that matches disabled users. In Active Directory a matching rule tests a bit of `userAccountControl`.
    pub const fn disabled_filter(self) -> Option<&'static str> {
        match self {
            Self::ActiveDirectory => Some("(userAccountControl:1.2.840.113556.1.4.803:=2)"),
            Self::Ds389 | Self::Freeipa => Some("(nsAccountLock=true)"),
            Self::Generic | Self::Openldap | Self::Edirectory => None,
        }
    }
}
