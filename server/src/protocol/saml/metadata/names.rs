//! The names that metadata is written in.

/// A namespace that the walk distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    /// `urn:oasis:names:tc:SAML:2.0:metadata`.
    Metadata,
    /// `urn:oasis:names:tc:SAML:2.0:assertion`, of attributes.
    Assertion,
    /// XML Signature.
    Signature,
    /// SAML V2.0 Metadata Extensions for Login and Discovery User Interface.
    UserInterface,
    /// XML's own, of `xml:lang`.
    Xml,
    /// Any other, or none.
    Other,
}

impl Namespace {
    /// The URI, of those that are distinguished.
    pub(super) const fn uri(self) -> Option<&'static str> {
        match self {
            Self::Metadata => Some("urn:oasis:names:tc:SAML:2.0:metadata"),
            Self::Assertion => Some("urn:oasis:names:tc:SAML:2.0:assertion"),
            Self::Signature => Some("http://www.w3.org/2000/09/xmldsig#"),
            Self::UserInterface => Some("urn:oasis:names:tc:SAML:metadata:ui"),
            Self::Xml => Some("http://www.w3.org/XML/1998/namespace"),
            Self::Other => None,
        }
    }

    pub(super) fn of(uri: &str) -> Self {
        let known = [Self::Metadata, Self::Assertion, Self::Signature, Self::UserInterface, Self::Xml];
        known.into_iter().find(|namespace| namespace.uri() == Some(uri)).unwrap_or(Self::Other)
    }
}

/// What `protocolSupportEnumeration` names for SAML 2.0.
pub(super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// The HTTP Redirect binding.
pub const BINDING_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// The HTTP POST binding.
pub const BINDING_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The formats of SAML 2.0 Core, section 8.3.
const NAME_ID_FORMATS: [&str; 8] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

/// Whether a name identifier format is one of SAML's own.
#[must_use]
pub fn is_known_name_id_format(format: &str) -> bool {
    NAME_ID_FORMATS.contains(&format)
}
