//! SAML metadata of identity providers (SAML 2.0 Metadata), as sent from the server to the browser.

use serde::{Deserialize, Serialize};

use super::provider::{SamlCertificate, SamlEndpoint};

/// The contents of a metadata document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataReport {
    /// The address it was read from; absent for pasted and uploaded documents.
    pub url: Option<String>,
    /// Every entity with an `IDPSSODescriptor`, in the document's order; at least one.
    pub providers: Vec<MetadataProvider>,
    /// What should be checked, as sentences.
    pub warnings: Vec<String>,
}

/// An identity provider as metadata describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataProvider {
    /// The entity's identifier.
    pub entity_id: String,
    /// The display name of the organisation or entity, when there is one.
    pub display_name: Option<String>,
    /// Every single sign-on and logout endpoint.
    pub endpoints: Vec<SamlEndpoint>,
    /// The signing certificates, the newest first.
    pub certificates: Vec<SamlCertificate>,
    /// Whether it publishes further signing keys that cannot be read or were left out. The warnings give the reason.
    pub has_unread_keys: bool,
    /// The name identifier formats that it lists.
    pub name_id_formats: Vec<String>,
    /// The attributes that it lists (SAML 2.0 Metadata, section 2.4.3); most list none.
    pub attributes: Vec<SamlAttribute>,
    /// Whether it wants authentication requests signed.
    pub want_requests_signed: bool,
    /// What should be checked about this provider, as sentences.
    pub warnings: Vec<String>,
}

/// An attribute that a provider lists (SAML 2.0 Core, section 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlAttribute {
    /// The formal name, as used in assertions.
    pub name: String,
    /// The friendly name.
    pub friendly_name: Option<String>,
}
