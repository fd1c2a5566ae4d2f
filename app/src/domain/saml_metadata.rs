//! What SAML metadata says of identity providers (SAML 2.0 Metadata), as it travels from the server to the browser.

use serde::{Deserialize, Serialize};

use super::provider::{SamlCertificate, SamlEndpoint};

/// What a metadata document holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataReport {
    /// The address it was read from; absent for pasted and uploaded documents.
    pub url: Option<String>,
    /// Every entity with an `IDPSSODescriptor`, in the document's order; at least one.
    pub providers: Vec<MetadataProvider>,
    /// What deserves attention, in sentences.
    pub warnings: Vec<String>,
}

/// An identity provider as metadata describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataProvider {
    /// The entity's identifier.
    pub entity_id: String,
    /// The organisation's or entity's name to show, when there is one.
    pub display_name: Option<String>,
    /// Every single sign-on and logout endpoint.
    pub endpoints: Vec<SamlEndpoint>,
    /// The signing certificates, the newest first.
    pub certificates: Vec<SamlCertificate>,
    /// Whether it publishes signing keys beside these that could not be read, or that are left out. The warnings say why.
    pub has_unread_keys: bool,
    /// The name identifier formats that it lists.
    pub name_id_formats: Vec<String>,
    /// The attributes that it says it sends (SAML 2.0 Metadata, section 2.4.3); most list none.
    pub attributes: Vec<SamlAttribute>,
    /// Whether it wants authentication requests signed.
    pub want_requests_signed: bool,
    /// What deserves attention about this provider, in sentences.
    pub warnings: Vec<String>,
}

/// An attribute that a provider lists (SAML 2.0 Core, section 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlAttribute {
    /// The formal name, by which assertions carry it.
    pub name: String,
    /// A name that people read.
    pub friendly_name: Option<String>,
}
