//! The inputs of the connection, by protocol, and what reads their values from elsewhere.

use crate::{
    domain::provider::Protocol,
    ui::pages::providers::{
        fields::ConnectFields,
        forms::draft::NewConnection,
        ldap::{DirectoryReader, LdapFields, UserSample},
        saml::{MetadataReader, SamlFields},
    },
};

/// The inputs of the connection.
#[derive(Clone, Copy)]
pub enum ConnectionParts {
    /// OpenID Connect.
    Oidc(ConnectFields),
    /// SAML 2.0, with what fills its inputs from metadata.
    Saml(SamlFields, MetadataReader),
    /// LDAP.
    Ldap(LdapParts),
}

/// The parts of a new directory.
#[derive(Clone, Copy)]
pub struct LdapParts {
    /// The inputs.
    pub fields: LdapFields,
    /// What the directory reports.
    pub reader: DirectoryReader,
    /// Some of its users.
    pub users: UserSample,
}

impl ConnectionParts {
    /// What the inputs hold. Tracked.
    pub fn get(self) -> NewConnection {
        match self {
            Self::Oidc(fields) => NewConnection::Oidc(fields.get()),
            Self::Saml(fields, _) => NewConnection::Saml(fields.get()),
            Self::Ldap(parts) => NewConnection::Ldap(parts.fields.get()),
        }
    }

    /// The protocol.
    pub const fn protocol(self) -> Protocol {
        match self {
            Self::Oidc(_) => Protocol::Oidc,
            Self::Saml(..) => Protocol::Saml,
            Self::Ldap(_) => Protocol::Ldap,
        }
    }
}
