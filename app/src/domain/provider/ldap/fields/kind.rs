//! What a setting of a directory is about, and what it holds.

/// A section of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LdapSection {
    /// The product.
    Product,
    /// Where the servers are and how connections are protected.
    Servers,
    /// Certificates of the servers and of the client.
    Certificates,
    /// How Vestibule authenticates.
    Bind,
    /// Which users are found.
    UserSearch,
    /// Which attributes name and identify a user.
    UserAttributes,
    /// Whether groups are read.
    Groups,
    /// Which groups are found, and who belongs to them.
    GroupSearch,
    /// Sizes and times.
    Limits,
    /// When a synchronisation runs.
    Schedule,
    /// What it does to users.
    Effects,
}

impl LdapSection {
    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Product => "Product",
            Self::Servers => "Servers",
            Self::Certificates => "Certificates",
            Self::Bind => "Bind",
            Self::UserSearch => "User search",
            Self::UserAttributes => "User attributes",
            Self::Groups => "Groups",
            Self::GroupSearch => "Group search",
            Self::Limits => "Limits",
            Self::Schedule => "Schedule",
            Self::Effects => "Effect on users",
        }
    }
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LdapFieldKind {
    /// The name to bind with: a DN, and at Active Directory other names too.
    BindName,
    /// Where a search begins (RFC 4514).
    BaseDn,
    /// A filter (RFC 4515).
    Filter,
    /// The name of an attribute.
    Attribute,
    /// The name of an attribute that has one value at most.
    SingleValuedAttribute,
    /// Certificates in PEM.
    Certificates,
    /// A private key in PEM, which never comes back.
    PrivateKey,
    /// A password, which never comes back.
    Password,
    /// A whole number within limits.
    Number {
        /// The smallest one.
        least: u32,
        /// The largest one.
        most: u32,
    },
    /// On or off.
    Switch,
    /// One of a few values: each as it is stored, with its label.
    Choice(&'static [(&'static str, &'static str)]),
    /// A list; one item of it as a noun.
    List(&'static str),
    /// Names of object classes.
    ObjectClasses,
}

impl LdapFieldKind {
    /// Whether it is never shown once it is stored.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Password)
    }

    /// Whether it is a text, and no secret.
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::BindName
                | Self::BaseDn
                | Self::Filter
                | Self::Attribute
                | Self::SingleValuedAttribute
                | Self::Certificates
        )
    }
}
